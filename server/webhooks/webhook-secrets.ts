import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const SECRET_BYTES = 32
const PREFIX = 'whsec_'

/** Secrets by which webhooks sign, kept encrypted: who reads the database cannot sign. */
export class WebhookSecrets {
  readonly #key: Buffer

  constructor(authSecret: string) {
    this.#key = Buffer.from(hkdfSync('sha256', authSecret, '', 'studyhall webhooks', 32))
  }

  /** A new secret, as it is shown once and as it is stored. */
  make(): { secret: string; stored: string } {
    const bytes = randomBytes(SECRET_BYTES)
    return { secret: `${PREFIX}${bytes.toString('base64')}`, stored: this.#encrypt(bytes) }
  }

  /** False where it was stored under another AUTH_SECRET. */
  canRead(stored: string): boolean {
    return this.#decrypt(stored) !== null
  }

  /** The headers of Standard Webhooks; a message is signed once by each of the secrets that can be read. */
  sign(stored: readonly string[], id: string, at: Date, body: string): Record<string, string> {
    const timestamp = String(Math.floor(at.getTime() / 1000))
    const secrets = stored.map((one) => this.#decrypt(one)).filter((secret) => secret !== null)
    const signatures = secrets.map((secret) => {
      const hmac = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`)
      return `v1,${hmac.digest('base64')}`
    })
    return {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signatures.join(' '),
    }
  }

  #encrypt(bytes: Buffer): string {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(CIPHER, this.#key, nonce)
    const sealed = Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
    return sealed.toString('base64')
  }

  #decrypt(stored: string): Buffer | null {
    const sealed = Buffer.from(stored, 'base64')
    const decipher = createDecipheriv(CIPHER, this.#key, sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
    try {
      return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
    } catch {
      return null
    }
  }
}

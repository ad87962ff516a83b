import { createECDH, createPrivateKey, hkdfSync, type KeyObject, sign } from 'node:crypto'

/** Of the curve P-256 (FIPS 186-4, D.1.2.3). */
const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')
/** Push services refuse more than a day. */
const VALID_SECONDS = 12 * 3600

/** By which push services know this instance (RFC 8292), derived from its secret, so that there is nothing else to keep. */
export class VapidKey {
  /** Uncompressed, as browsers take it. */
  readonly publicKey: string
  readonly #key: KeyObject
  readonly #contact: string

  /** @param origin  of the pages, where push services find whom to ask */
  constructor(authSecret: string, origin: string) {
    // More bits than the order has, so that the remainder is as good as even.
    const bits = BigInt(
      `0x${Buffer.from(hkdfSync('sha256', authSecret, '', 'studyhall push', 48)).toString('hex')}`,
    )
    const scalar = Buffer.from(((bits % (ORDER - 1n)) + 1n).toString(16).padStart(64, '0'), 'hex')
    const curve = createECDH('prime256v1')
    curve.setPrivateKey(scalar)
    const point = curve.getPublicKey()
    const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'))
    this.publicKey = point.toString('base64url')
    const jwk = { kty: 'EC', crv: 'P-256', d: scalar.toString('base64url'), x: x ?? '', y: y ?? '' }
    this.#key = createPrivateKey({ key: jwk, format: 'jwk' })
    this.#contact = origin.startsWith('https:') ? origin : 'mailto:studyhall@localhost'
  }

  /** The Authorization header of a message to an endpoint. */
  authorize(endpoint: URL, at: Date): string {
    const claims = {
      aud: endpoint.origin,
      exp: Math.floor(at.getTime() / 1000) + VALID_SECONDS,
      sub: this.#contact,
    }
    const signed = [{ typ: 'JWT', alg: 'ES256' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    const signature = sign('sha256', Buffer.from(signed), { key: this.#key, dsaEncoding: 'ieee-p1363' })
    return `vapid t=${signed}.${signature.toString('base64url')}, k=${this.publicKey}`
  }
}

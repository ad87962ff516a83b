import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** The longest that a link works. */
export const LINK_LIFETIME_MS = 15 * 60 * 1000

/** Makes and checks the signed links under which artifacts are downloaded without signing in. */
export class DownloadLinks {
  readonly #key: Buffer

  constructor(authSecret: string) {
    this.#key = Buffer.from(hkdfSync('sha256', authSecret, '', 'studyhall download links', 32))
  }

  /** A path on the product's origin, good until `expiresAt`. */
  sign(artifact: { id: string; teamId: string }, expiresAt: Date): string {
    const expires = Math.floor(expiresAt.getTime() / 1000)
    const signature = this.#signatureOf(artifact, expires).toString('base64url')
    return `/files/${artifact.id}?expires=${expires}&signature=${signature}`
  }

  /** True where the link was signed here for this artifact of this team, and has not expired. */
  verify(artifact: { id: string; teamId: string }, expires: unknown, signature: unknown): boolean {
    if (typeof expires !== 'string' || !/^\d{1,12}$/.test(expires) || typeof signature !== 'string')
      return false
    const given = Buffer.from(signature, 'base64url')
    const right = this.#signatureOf(artifact, Number(expires))
    if (given.length !== right.length || !timingSafeEqual(given, right)) return false
    const remainingMs = Number(expires) * 1000 - Date.now()
    return remainingMs > 0 && remainingMs <= LINK_LIFETIME_MS
  }

  #signatureOf({ id, teamId }: { id: string; teamId: string }, expires: number): Buffer {
    return createHmac('sha256', this.#key).update(`${id}|${teamId}|${expires}`).digest()
  }
}

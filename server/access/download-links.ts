import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** The longest that a link works. */
export const LINK_LIFETIME_MS = 15 * 60 * 1000
/** Of an id, ours or better-auth's. */
const HOLDER_FORM = /^\w{1,64}$/

/** Makes and checks the signed links under which artifacts are downloaded without signing in. */
export class DownloadLinks {
  readonly #key: Buffer

  constructor(authSecret: string) {
    this.#key = Buffer.from(hkdfSync('sha256', authSecret, '', 'studyhall download links', 32))
  }

  /** A path on the product's origin, good until `expiresAt`, and as long as its holder (link-holder.ts) may download. */
  sign(artifact: { id: string; teamId: string }, holder: string, expiresAt: Date): string {
    const expires = Math.floor(expiresAt.getTime() / 1000)
    const signature = this.#signatureOf(artifact, holder, expires).toString('base64url')
    return `/files/${artifact.id}?for=${holder}&expires=${expires}&signature=${signature}`
  }

  /** @returns its holder where the link was signed here for this artifact of this team, and has not expired; else null */
  verify(
    artifact: { id: string; teamId: string },
    { for: holder, expires, signature }: Record<string, unknown>,
  ): string | null {
    if (typeof holder !== 'string' || !HOLDER_FORM.test(holder)) return null
    if (typeof expires !== 'string' || !/^\d{1,12}$/.test(expires) || typeof signature !== 'string')
      return null
    const given = Buffer.from(signature, 'base64url')
    const right = this.#signatureOf(artifact, holder, Number(expires))
    if (given.length !== right.length || !timingSafeEqual(given, right)) return null
    const remainingMs = Number(expires) * 1000 - Date.now()
    return remainingMs > 0 && remainingMs <= LINK_LIFETIME_MS ? holder : null
  }

  #signatureOf({ id, teamId }: { id: string; teamId: string }, holder: string, expires: number): Buffer {
    return createHmac('sha256', this.#key).update(`${id}|${teamId}|${holder}|${expires}`).digest()
  }
}

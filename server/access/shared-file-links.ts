import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { LINK_LIFETIME_MS } from './download-links.ts'
import { hashLinkToken } from './link-tokens.ts'

/** Makes and checks the links under which files of a shared page are downloaded: whoever has one was shown the page. */
export class SharedFileLinks {
  readonly #key: Buffer

  constructor(authSecret: string) {
    this.#key = Buffer.from(hkdfSync('sha256', authSecret, '', 'studyhall shared files', 32))
  }

  /** A path on the product's origin, good for a quarter of an hour, and as long as the link is open. @param name  a file's format, or `receipt` */
  sign(token: string, name: string): string {
    const expires = Math.floor((Date.now() + LINK_LIFETIME_MS) / 1000)
    return `/files/shared/${token}/${name}?expires=${expires}&signature=${this.#signatureOf(token, name, expires).toString('base64url')}`
  }

  verify(token: string, name: string, { expires, signature }: Record<string, unknown>): boolean {
    if (typeof expires !== 'string' || !/^\d{1,12}$/.test(expires) || typeof signature !== 'string')
      return false
    const given = Buffer.from(signature, 'base64url')
    const right = this.#signatureOf(token, name, Number(expires))
    return (
      given.length === right.length && timingSafeEqual(given, right) && Number(expires) * 1000 > Date.now()
    )
  }

  #signatureOf(token: string, name: string, expires: number): Buffer {
    return createHmac('sha256', this.#key)
      .update(`${hashLinkToken(token)}|${name}|${expires}`)
      .digest()
  }
}

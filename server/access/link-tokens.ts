import { createHash, randomBytes } from 'node:crypto'

const TOKEN_BYTES = 32
const TOKEN_FORM = /^[A-Za-z0-9_-]{43}$/

/** The secret part of a link that invites or shares. Only its hash is kept, by which it is looked up: how long that takes says nothing of the token. */
export function makeLinkToken(): { token: string; hash: string } {
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  return { token, hash: sha256(token) }
}

/** Null for what is no token. */
export function hashLinkToken(token: string): string | null {
  return TOKEN_FORM.test(token) ? sha256(token) : null
}

/** Behind the #, which browsers send to nobody: no log of a server or a proxy has it. */
export function invitationLink(publicOrigin: string, token: string): string {
  return `${publicOrigin}/join#${token}`
}

/** In the path, because whoever makes a preview of the link has to be told what it shows. */
export function shareLinkUrl(publicOrigin: string, token: string): string {
  return `${publicOrigin}/shared/${token}`
}

function sha256(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

import { randomBytes } from 'node:crypto'

/** Two years, as browsers' lists want it; not of subdomains, which may be others'. */
const HTTPS_ONLY_SECONDS = 63_072_000

export interface Surroundings {
  /** React's development build evaluates text. */
  development: boolean
  /** Browsers come by https. */
  isSecure: boolean
}

/** What no page can guess before it is sent: a script that carries it was written by us. */
export function newNonce(): string {
  return randomBytes(16).toString('base64')
}

/**
 * What browsers may do with an answer from the pages' port, whether a page or the API gave it; the API's own words win.
 * @param nonce  of a page, whose inline scripts are Next's data and the choice of theme; nothing else has any
 */
export function securityHeaders(
  { development, isSecure }: Surroundings,
  nonce?: string,
): Map<string, string> {
  return new Map([
    ['content-security-policy', contentSecurityPolicy(development, nonce)],
    ['x-content-type-options', 'nosniff'],
    ['x-frame-options', 'DENY'],
    ['referrer-policy', 'strict-origin-when-cross-origin'],
    ['permissions-policy', 'camera=(), microphone=(), geolocation=()'],
    ...(isSecure ? [['strict-transport-security', `max-age=${HTTPS_ONLY_SECONDS}`] as const] : []),
  ])
}

export function contentSecurityPolicy(development: boolean, nonce?: string): string {
  return [
    "default-src 'self'",
    // hash-wasm and TensorFlow.js compile WebAssembly.
    `script-src 'self'${nonce ? ` 'nonce-${nonce}'` : ''} 'wasm-unsafe-eval'${development ? " 'unsafe-eval'" : ''}`,
    // Mantine, charts and grids set places and sizes as attributes, which no nonce can allow; a style runs nothing, and
    // may load nothing from elsewhere.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** Pages that whoever has the link may see: no search engine keeps them, and where they lead learns no link. */
const OF_A_SHARED_PAGE = /^\/shared\//
const HIDDEN = [
  ['x-robots-tag', 'noindex, nofollow, noarchive'],
  ['referrer-policy', 'no-referrer'],
] as const

/** What browsers and search engines are told besides, by where a page is. */
export function headersOfPage(path: string): readonly (readonly [string, string])[] {
  return OF_A_SHARED_PAGE.test(path) ? HIDDEN : []
}

/** The sign-in page, which leads back to where one was. */
export function signInPath(from: { pathname: string; search: string }): string {
  if (['/', '/sign-in', '/sign-up', '/reset', '/join'].includes(from.pathname)) return '/sign-in'
  return `/sign-in?next=${encodeURIComponent(from.pathname + from.search)}`
}

/** What the address is resolved against; nothing but the answer's path is used. */
const HERE = 'https://here.invalid'

/**
 * Only paths of this site: anything else in `next` could lead a person to a stranger's page. Resolved as a browser does
 * it, which drops tabs and line breaks, and takes a backslash for a slash.
 */
export function safeNextPath(next: string | string[] | undefined): string {
  if (typeof next !== 'string' || !next.startsWith('/') || !URL.canParse(next, HERE)) return '/'
  const { origin, pathname, search, hash } = new URL(next, HERE)
  // A path that begins with two slashes is an address of its own where it is used next.
  return origin === HERE && !pathname.startsWith('//') ? pathname + search + hash : '/'
}

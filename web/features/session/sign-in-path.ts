/** The sign-in page, which leads back to where one was. */
export function signInPath(from: { pathname: string; search: string }): string {
  if (['/', '/sign-in', '/sign-up'].includes(from.pathname)) return '/sign-in'
  return `/sign-in?next=${encodeURIComponent(from.pathname + from.search)}`
}

/** Only paths of this site: anything else in `next` could lead a person to a stranger's page. */
export function safeNextPath(next: string | string[] | undefined): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/'
}

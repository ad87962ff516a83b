const KEPT_AS = 'studyhall invitation'

/**
 * The token of the invitation whose link was opened. It stands behind the #, which the ways through sign-in and sign-up
 * drop, so it is kept in this tab until it has been used.
 */
export function takeToken(): string {
  const token = location.hash.slice(1) || keptToken()
  if (token) keepToken(token)
  return token
}

/** Of an invitation to which a mailed link leads on. */
export function keepToken(token: string): void {
  sessionStorage.setItem(KEPT_AS, token)
}

/** Of the invitation that was opened before, in this tab; empty where none was. */
export function keptToken(): string {
  return sessionStorage.getItem(KEPT_AS) ?? ''
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEPT_AS)
}

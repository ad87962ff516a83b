const FRESH_MINUTES = 10

/** What whoever has no password is told in the place of “wrong password”. */
export const SIGN_IN_AGAIN = `Your account has no password, so this takes a sign-in of the last ${FRESH_MINUTES} minutes. Sign out, sign in again, and come back.`

/** Whether somebody has signed in so lately that it is they who are there. */
export function isFresh(signedInAt: Date): boolean {
  return Date.now() - signedInAt.getTime() < FRESH_MINUTES * 60_000
}

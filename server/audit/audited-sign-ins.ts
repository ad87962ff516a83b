import type { AuditAction } from '../../contract/audit/actions.ts'

/** What people do under /api/auth, by path: whoever adds one says here what the log tells of it. */
export const AUDITED_SIGN_INS: Readonly<Record<string, AuditAction>> = {
  '/sign-up/email': 'account.sign-up',
  '/request-sign-up': 'account.sign-up-ask',
  '/sign-in/email': 'account.sign-in',
  '/sign-out': 'account.sign-out',
  '/change-password': 'account.password-change',
  '/request-password-reset': 'account.password-reset-ask',
  '/reset-password': 'account.password-reset',
  '/verify-password': 'account.password-check',
  '/change-email': 'account.email-change-ask',
  '/verify-email': 'account.email-verify',
  '/update-user': 'account.update',
  '/delete-user': 'account.delete',
  '/delete-user/callback': 'account.delete',
  '/revoke-session': 'account.sessions-end',
  '/revoke-sessions': 'account.sessions-end',
  '/revoke-other-sessions': 'account.sessions-end',
  '/two-factor/enable': 'account.two-factor-enable',
  '/two-factor/disable': 'account.two-factor-disable',
  '/two-factor/generate-backup-codes': 'account.two-factor-codes',
  '/two-factor/get-totp-uri': 'account.two-factor-seed',
  '/two-factor/send-otp': 'account.two-factor-verify',
  '/two-factor/verify-otp': 'account.two-factor-verify',
  '/two-factor/verify-totp': 'account.two-factor-verify',
  '/two-factor/verify-backup-code': 'account.two-factor-verify',
  '/callback/:id': 'account.sign-in',
  // Linked is at the end of /callback/:id, where whoever asked comes back.
  '/link-social': 'account.link-ask',
  '/unlink-account': 'account.unlink',
}

/** These change nothing, and let nobody in. */
export const UNAUDITED_AUTH_PATHS: readonly string[] = [
  ...['/ok', '/error', '/get-session', '/list-sessions', '/list-accounts', '/account-info'],
  ...['/reset-password/:token', '/send-verification-email', '/update-session'],
  ...['/refresh-token', '/get-access-token', '/sign-in/social'],
]

/** What the log tells of a request, by its path behind /api/auth; undefined where it tells nothing. */
export function signInActionOf(path: string): AuditAction | undefined {
  const exact = AUDITED_SIGN_INS[path]
  if (exact) return exact
  const under = Object.keys(AUDITED_SIGN_INS).find(
    (known) => known.includes('/:') && path.startsWith(known.slice(0, known.indexOf(':'))),
  )
  return under === undefined ? undefined : AUDITED_SIGN_INS[under]
}

interface AuthError {
  code?: string | undefined
  message?: string | undefined
}

const WORDS: Record<string, string> = {
  INVALID_EMAIL_OR_PASSWORD: 'No account has this e-mail and password. Check both, or create an account.',
  PASSWORD_TOO_SHORT: 'The password is too short: choose one of at least 10 characters.',
  PASSWORD_TOO_LONG: 'The password is too long: choose one of at most 128 characters.',
  INVALID_PASSWORD: 'This is not your password.',
  SIGN_IN_FIRST: 'The link in the mail works for whoever is signed in. You are now: open it once more.',
  INVALID_TOKEN:
    'This link is over: it was used, is older than an hour, or the password was changed since. Ask for a new one.',
  INVALID_CODE: 'This code is not right. A new one comes every 30 seconds; check your device’s clock, too.',
  INVALID_BACKUP_CODE: 'This recovery code is not right, or was used before.',
  INVALID_TWO_FACTOR_COOKIE: 'Too much time has passed. Go back and sign in again.',
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: 'Too many wrong codes. Go back and sign in again.',
  ACCOUNT_TEMPORARILY_LOCKED: 'Too many wrong codes. Try again in 15 minutes.',
}

/** The errors that people meet every day in words that say what to do; others as the server words them. */
export function explainAuthError({ code, message }: AuthError): string {
  if (code?.startsWith('USER_ALREADY_EXISTS')) return 'This e-mail has an account already. Sign in instead.'
  const words = code && WORDS[code]
  return words || message || 'The server did not respond. Check that it is running, then try again.'
}

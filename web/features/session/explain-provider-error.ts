/**
 * What an address says by a code when a provider has sent somebody back, in words. Nothing else of the address is shown:
 * anybody can write it.
 */
const WORDS: Record<string, (provider: string) => string> = {
  account_not_linked: (provider) =>
    `Your e-mail address has an account here that ${provider} is not linked to. Sign in to it, and link it on the page Account.`,
  account_already_linked_to_different_user: (provider) =>
    `Whoever you are at ${provider} is linked to another account here.`,
  email_not_found: (provider) =>
    `${provider} does not tell your e-mail address, without which there is no account here.`,
  state_mismatch: () => 'This took more than five minutes, or was begun in another browser. Begin again.',
  access_denied: (provider) => `${provider} was told not to sign you in here.`,
  issuer_mismatch: (provider) => `The answer did not come from ${provider}. Nobody was signed in.`,
  unable_to_link_account: (provider) =>
    `${provider} does not say that its e-mail address is yours, so nothing was linked. Confirm it there first.`,
  ACCOUNT_SUSPENDED: () => 'Your account is suspended. Ask whoever administers this instance.',
  SIGN_UP_INVITED: () =>
    'You have no account here yet, and it takes an invitation. Ask somebody in a team for one, and open its link.',
  SIGN_UP_INVITATION_OVER: () => 'Your invitation is over. Ask for a new one.',
  SIGN_UP_OTHER_ADDRESS: (provider) =>
    `Your invitation is for another address than the one that ${provider} tells.`,
  SIGN_UP_DOMAIN: () => 'You have no account here yet, and addresses like yours may not sign up.',
  SIGN_UP_UNVERIFIED: (provider) =>
    `${provider} does not say that your address is yours. Confirm it there first.`,
}

export function explainProviderError(code: string, provider: string): string {
  const words = WORDS[code]
  return words ? words(provider) : `Signing in by ${provider} did not work. Begin again; nothing was changed.`
}

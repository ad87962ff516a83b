import { authenticate, type Person, type TestServer } from '../test-server.ts'

export const NEW_PASSWORD = 'seven blue herons waiting'
export const cookie = (person: Person) => person.api.headers.cookie!

/** What people do with their accounts, and the mails that they get. */
export function accountSteps({ url, config, database }: TestServer) {
  const post = (route: string, body: object, session = '') =>
    fetch(`${url}/api/auth/${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: config.publicOrigin, cookie: session },
      body: JSON.stringify(body),
    })
  const mailTo = async (to: string) =>
    (await database.mail.findMany({ where: { to }, orderBy: { id: 'desc' } }))[0]
  return {
    post,
    mailTo,
    signIn: (email: string, password: string) =>
      authenticate(url, config.publicOrigin, 'sign-in/email', { email, password }),
    resetTokenOf: async (email: string) => /\/reset#(\S+)/.exec((await mailTo(email))!.text)![1]!,
    askForAddress: (person: Person, newEmail: string, currentPassword = person.account.password) =>
      post('change-email', { newEmail, currentPassword, callbackURL: '/account' }, cookie(person)),
    /** As a browser would open it, which reaches the API through the pages' origin. */
    async openLink(to: string, session = '') {
      const { pathname, search } = new URL(/http:\S+/.exec((await mailTo(to))!.text)![0])
      return fetch(`${url}${pathname}${search}`, { headers: { cookie: session }, redirect: 'manual' })
    },
    emailOf: async ({ userId }: Person) =>
      (await database.user.findUniqueOrThrow({ where: { id: userId } })).email,
  }
}

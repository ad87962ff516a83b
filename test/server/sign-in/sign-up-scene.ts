import type { SignUpRule } from '../../../server/access/sign-in/settings.ts'
import { type RunningServer, startServer } from '../../../server/start-server.ts'
import { CLIENT, type OidcServer, startOidcServer } from '../../oidc-server.ts'
import { Api, authenticate, cookieOf, type Person, startTestServer, type TestServer } from '../test-server.ts'
import { Browser } from './provider-steps.ts'

/** By invitation alone; the others have the same database. */
export let invited: TestServer
/** The same where mail goes out. */
export let invitedByMail: RunningServer
export let domains: RunningServer
/** For everybody, where mail goes out. */
export let open: RunningServer
export let owner: Person
let oidc: OidcServer

/** Servers that let people in in different ways, with a provider whose word counts at each. */
export async function startSignUpScene(): Promise<void> {
  oidc = await startOidcServer('http://localhost:3000/api/auth/callback/oidc')
  const provider = { issuer: oidc.issuer, clientId: CLIENT.id, clientSecret: CLIENT.secret, label: 'Uni' }
  const signIn = (signUp: SignUpRule) => ({ provider, passwords: true, signUp })
  invited = await startTestServer({ signIn: signIn({ mode: 'INVITED', isByLink: false }) })
  domains = await startServer({
    ...invited.config,
    signIn: signIn({ mode: 'DOMAINS', domains: ['lab.example.org', 'uni.example.org'] }),
  })
  invitedByMail = await startServer({
    ...invited.config,
    signIn: signIn({ mode: 'INVITED', isByLink: true }),
  })
  open = await startServer({ ...invited.config, signIn: signIn({ mode: 'OPEN', isByLink: true }) })
  owner = await invited.signUp('Owner')
}

export async function stopSignUpScene(): Promise<void> {
  await domains.close()
  await invitedByMail.close()
  await open.close()
  await invited.stop()
  await oidc.stop()
}

const PASSWORD = 'correct horse battery'
let count = 0
export const newAddress = (domain = 'elsewhere.example.org') => `new-${++count}@${domain}`

export async function invite(input: object = {}): Promise<string> {
  const made = { teamId: owner.teamId, role: 'VIEWER', ...input }
  const { url } = await owner.api.mutate('createInvitation', made, 'url')
  return url.split('#')[1]
}
/** @returns the code of the refusal, or who came in and to which teams */
export async function signUp(url: string, body: { email: string; invitation?: string; proof?: string }) {
  const account = { name: 'New', password: PASSWORD, ...body }
  const answer = await authenticate(url, invited.config.publicOrigin, 'sign-up/email', account)
  if (!answer.ok) return (await answer.json()) as { code: string; message: string }
  return teamsOf(new Api(url, { cookie: cookieOf(answer) }))
}
const teamsOf = async (api: Api): Promise<string[]> =>
  (await api.ask('{ viewer { teams { name viewerRole } } }')).viewer.teams.map(
    ({ name, viewerRole }: { name: string; viewerRole: string }) => `${viewerRole} of ${name}`,
  )
/** Somebody whom the provider knows, who wants to come in by it. */
export async function comeByProvider(
  url: string,
  email: string,
  brought: object = {},
  email_verified = true,
) {
  oidc.people.set(email, { name: 'New', email, email_verified })
  const browser = new Browser({ ...invited, url }, oidc)
  const end = await browser.signIn(email, 'sign-in/social', brought)
  return end === '/there' ? teamsOf(browser.api) : end
}
export const isVerified = async (email: string) =>
  (await invited.database.user.findUniqueOrThrow({ where: { email } })).emailVerified
export const mailsTo = (to: string) =>
  invited.database.mail.findMany({ where: { to }, orderBy: { id: 'desc' } })
/** Of the link in the last mail. */
export const proofTo = async (email: string) =>
  new URLSearchParams(/sign-up#(\S+)/.exec((await mailsTo(email))[0]!.text)![1]).get('proof')!

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { SignUpRule } from '../../../server/access/sign-in/settings.ts'
import { type RunningServer, startServer } from '../../../server/start-server.ts'
import { CLIENT, type OidcServer, startOidcServer } from '../../oidc-server.ts'
import { Api, authenticate, cookieOf, type Person, startTestServer, type TestServer } from '../test-server.ts'
import { Browser } from './provider-steps.ts'

let oidc: OidcServer
let invited: TestServer
let domains: RunningServer
let open: RunningServer
let owner: Person
beforeAll(async () => {
  oidc = await startOidcServer('http://localhost:3000/api/auth/callback/oidc')
  const provider = { issuer: oidc.issuer, clientId: CLIENT.id, clientSecret: CLIENT.secret, label: 'Uni' }
  const signIn = (signUp: SignUpRule) => ({ provider, passwords: true, signUp })
  invited = await startTestServer({ signIn: signIn({ mode: 'INVITED' }) })
  domains = await startServer({
    ...invited.config,
    signIn: signIn({ mode: 'DOMAINS', domains: ['lab.example.org', 'uni.example.org'] }),
  })
  open = await startServer({ ...invited.config, signIn: signIn({ mode: 'OPEN', isByLink: true }) })
  owner = await invited.signUp('Owner')
})
afterAll(async () => {
  await domains.close()
  await open.close()
  await invited.stop()
  await oidc.stop()
})

const PASSWORD = 'correct horse battery'
let count = 0
const newAddress = (domain = 'elsewhere.example.org') => `new-${++count}@${domain}`

async function invite(input: object = {}): Promise<string> {
  const made = { teamId: owner.teamId, role: 'VIEWER', ...input }
  const { url } = await owner.api.mutate('createInvitation', made, 'url')
  return url.split('#')[1]
}
/** @returns the code of the refusal, or who came in and to which teams */
async function signUp(url: string, body: { email: string; invitation?: string; proof?: string }) {
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
async function comeByProvider(url: string, email: string, brought: object = {}, email_verified = true) {
  oidc.people.set(email, { name: 'New', email, email_verified })
  const browser = new Browser({ ...invited, url }, oidc)
  const end = await browser.signIn(email, 'sign-in/social', brought)
  return end === '/there' ? teamsOf(browser.api) : end
}
const isVerified = async (email: string) =>
  (await invited.database.user.findUniqueOrThrow({ where: { email } })).emailVerified

it('tells strangers how they come in', async () => {
  const ask = (url: string) =>
    new Api(url).ask('{ signIn { passwords provider signUp isSignUpByLink domains } }')
  expect((await ask(invited.url)).signIn).toEqual({
    ...{ passwords: true, provider: 'Uni', signUp: 'INVITED' },
    ...{ isSignUpByLink: false, domains: [] },
  })
  expect((await ask(domains.url)).signIn).toMatchObject({
    ...{ signUp: 'DOMAINS', isSignUpByLink: true, domains: ['lab.example.org', 'uni.example.org'] },
  })
  expect((await ask(open.url)).signIn).toMatchObject({ signUp: 'OPEN', isSignUpByLink: true, domains: [] })
})

describe('by invitation alone', () => {
  it('the first person came without, and nobody after them does', async () => {
    expect(await owner.api.ask('{ viewer { isAdministrator } }')).toEqual({
      viewer: { isAdministrator: true },
    })
    expect(await signUp(invited.url, { email: newAddress() })).toMatchObject({
      code: 'SIGN_UP_INVITED',
      message: expect.stringMatching(/by invitation alone/),
    })
    expect(await comeByProvider(invited.url, newAddress())).toBe('SIGN_UP_INVITED')
  })

  it('whoever has one comes in by a password, joins its team, has none of their own, and uses it up', async () => {
    const invitation = await invite()
    expect(await signUp(invited.url, { email: newAddress(), invitation })).toEqual(['VIEWER of Owner’s team'])
    const log = { action: 'member.join', teamId: owner.teamId, actorKind: 'PERSON' as const }
    expect(await invited.database.auditEvent.count({ where: log })).toBe(1)
    const next = await signUp(invited.url, { email: newAddress(), invitation })
    expect(next).toMatchObject({ code: 'SIGN_UP_INVITATION_OVER' })
  })

  it('whoever has one comes in by the provider, and uses it up', async () => {
    const invitation = await invite()
    const arrived = await comeByProvider(invited.url, newAddress(), { invitation })
    expect(arrived).toEqual(['VIEWER of Owner’s team'])
    expect(await comeByProvider(invited.url, newAddress(), { invitation })).toBe('SIGN_UP_INVITATION_OVER')
  })

  it('one for an address lets that address in, which is confirmed by it', async () => {
    const email = newAddress()
    const invitation = await invite({ email })
    const other = newAddress()
    expect(await signUp(invited.url, { email: other, invitation })).toMatchObject({
      code: 'SIGN_UP_OTHER_ADDRESS',
      message: expect.stringContaining(
        `This invitation is for ${email}, and you are signing up as ${other}.`,
      ),
    })
    expect(await comeByProvider(invited.url, other, { invitation })).toBe('SIGN_UP_OTHER_ADDRESS')
    expect(await signUp(invited.url, { email, invitation })).toEqual(['VIEWER of Owner’s team'])
    expect(await isVerified(email)).toBe(true)
  })

  it.each(['x'.repeat(43), { $ne: 1 }])('%j is no invitation', async (given) => {
    const answer = await signUp(invited.url, { email: newAddress(), invitation: given as string })
    expect(answer).toMatchObject({ code: expect.stringMatching(/^SIGN_UP_INVIT/) })
  })

  it('whoever is here already signs in as ever', async () => {
    const { email, password } = owner.account
    const origin = invited.config.publicOrigin
    expect((await authenticate(invited.url, origin, 'sign-in/email', { email, password })).status).toBe(200)
  })
})

const mailsTo = (to: string) => invited.database.mail.findMany({ where: { to }, orderBy: { id: 'desc' } })
const proofTo = async (email: string) =>
  new URLSearchParams(/sign-up#(\S+)/.exec((await mailsTo(email))[0]!.text)![1]).get('proof')!

it('nobody learns from a sign-up whether an address has an account, unless everybody may come without a link', async () => {
  const { email } = owner.account
  for (const url of [invited.url, domains.url, open.url]) {
    const taken = await signUp(url, { email })
    const free = await signUp(url, { email: newAddress('example.org') })
    expect(taken).toEqual({ ...free, message: expect.any(String) })
  }
})

it('a refusal, which names the address, is told to whoever asked and printed nowhere', async () => {
  const printed = vi.spyOn(console, 'error')
  const email = newAddress()
  expect(await signUp(open.url, { email })).toMatchObject({ message: expect.stringContaining(email) })
  expect(printed.mock.calls).toEqual([])
  printed.mockRestore()
})

describe('for everybody, where mail goes out', () => {
  const ask = (email: string) =>
    authenticate(open.url, invited.config.publicOrigin, 'request-sign-up', { email })

  it('whoever reads the mailbox comes in by a link', async () => {
    const email = newAddress()
    expect(await signUp(open.url, { email })).toMatchObject({ code: 'SIGN_UP_UNPROVED' })
    expect((await ask(email)).status).toBe(200)
    expect(await signUp(open.url, { email, proof: await proofTo(email) })).toMatchObject([
      'OWNER of New’s team',
    ])
    expect(await isVerified(email)).toBe(true)
  })

  it('an address with an account is answered alike, and told so in its mailbox alone', async () => {
    const { email } = owner.account
    const answers = await Promise.all([ask(email), ask(newAddress())])
    expect(await answers[0]!.json()).toEqual(await answers[1]!.json())
    expect((await mailsTo(email))[0]!.subject).toBe('You have an account already')
  })

  it('the link of an invitation that was mailed to the address is as good', async () => {
    const email = newAddress()
    const invitation = await invite({ email })
    const other = await signUp(open.url, { email: newAddress(), invitation })
    expect(other).toMatchObject({ code: 'SIGN_UP_UNPROVED' })
    expect(await signUp(open.url, { email, invitation })).toMatchObject(['OWNER of New’s team'])
    expect(await isVerified(email)).toBe(true)
    const forAnybody = await invite()
    expect(await signUp(open.url, { email: newAddress(), invitation: forAnybody })).toMatchObject({
      code: 'SIGN_UP_UNPROVED',
    })
  })

  it('the provider’s word counts, and an address that it has not confirmed stays so', async () => {
    const email = newAddress()
    expect(await comeByProvider(open.url, email, {}, false)).toMatchObject(['OWNER of New’s team'])
    expect(await isVerified(email)).toBe(false)
  })
})

describe('by the domain of an address', () => {
  const ask = (email: string) =>
    authenticate(domains.url, invited.config.publicOrigin, 'request-sign-up', { email })

  it('others are told which', async () => {
    const email = newAddress('uni.example.org.evil.example')
    const message =
      'Only addresses that end with @lab.example.org, @uni.example.org may sign up here; yours ends with @uni.example.org.evil.example.'
    expect(await signUp(domains.url, { email })).toMatchObject({ code: 'SIGN_UP_DOMAIN', message })
    expect(await (await ask(email)).json()).toMatchObject({ code: 'SIGN_UP_DOMAIN', message })
    expect(await mailsTo(email)).toEqual([])
    expect(await comeByProvider(domains.url, email)).toBe('SIGN_UP_DOMAIN')
  })

  it('an invitation makes no exception', async () => {
    const invitation = await invite()
    expect(await signUp(domains.url, { email: newAddress(), invitation })).toMatchObject({
      code: 'SIGN_UP_DOMAIN',
    })
    expect(await comeByProvider(domains.url, newAddress(), { invitation })).toBe('SIGN_UP_DOMAIN')
  })

  it('whoever reads the mailbox comes in by a link that makes one account, for this address', async () => {
    const email = newAddress('LAB.example.org')
    expect(await signUp(domains.url, { email })).toMatchObject({ code: 'SIGN_UP_UNPROVED' })
    expect((await ask(email)).status).toBe(200)
    const proof = await proofTo(email.toLowerCase())
    const other = await signUp(domains.url, { email: newAddress('lab.example.org'), proof })
    expect(other).toMatchObject({ code: 'SIGN_UP_UNPROVED' })
    expect(await signUp(domains.url, { email, proof })).toMatchObject(['OWNER of New’s team'])
    expect(await isVerified(email.toLowerCase())).toBe(true)
    expect(JSON.stringify(await invited.database.verification.findMany())).not.toContain(proof)
  })

  it('a link is over after an hour', async () => {
    const email = newAddress('lab.example.org')
    await ask(email)
    await invited.database.verification.updateMany({
      where: { value: email },
      data: { expiresAt: new Date(Date.now() - 1000) },
    })
    const late = await signUp(domains.url, { email, proof: await proofTo(email) })
    expect(late).toMatchObject({ code: 'SIGN_UP_UNPROVED' })
  })

  it('at most three mails go out, and an address with an account is told so in its mailbox alone', async () => {
    const email = newAddress('lab.example.org')
    for (let n = 0; n < 5; n++) expect((await ask(email)).status).toBe(200)
    expect(await mailsTo(email)).toHaveLength(3)
    await signUp(domains.url, { email, proof: await proofTo(email) })
    expect(await (await ask(email)).json()).toEqual({ status: true })
    expect((await mailsTo(email))[0]!.subject).toBe('You have an account already')
  })

  it('the provider’s word counts where it says that the address is confirmed', async () => {
    const [sure, unsure] = [newAddress('uni.example.org'), newAddress('uni.example.org')]
    expect(await comeByProvider(domains.url, sure)).toMatchObject(['OWNER of New’s team'])
    expect(await comeByProvider(domains.url, unsure, {}, false)).toBe('SIGN_UP_UNVERIFIED')
  })

  it('links are mailed where there are domains alone', async () => {
    const body = { email: newAddress() }
    const origin = invited.config.publicOrigin
    expect((await authenticate(invited.url, origin, 'request-sign-up', body)).status).toBe(403)
  })
})

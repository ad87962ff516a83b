import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Api, authenticate } from '../test-server.ts'
import {
  comeByProvider,
  domains,
  invite,
  invited,
  isVerified,
  newAddress,
  open,
  owner,
  signUp,
  startSignUpScene,
  stopSignUpScene,
} from './sign-up-scene.ts'

beforeAll(startSignUpScene)
afterAll(stopSignUpScene)

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

  it('one for an address lets that address in, which it does not confirm: whoever invites knows the link, too', async () => {
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
    expect(await isVerified(email)).toBe(false)
  })

  it('one that is used once lets in one of five who come at once, and leaves no account of the others', async () => {
    const invitation = await invite()
    const before = await invited.database.user.count()
    const came = await Promise.all(
      Array.from({ length: 5 }, () => signUp(invited.url, { email: newAddress(), invitation })),
    )
    expect(came.filter(Array.isArray)).toEqual([['VIEWER of Owner’s team']])
    expect(await invited.database.user.count()).toBe(before + 1)
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

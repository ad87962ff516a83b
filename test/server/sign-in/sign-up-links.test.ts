import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { takeOver } from '../../../server/access/sign-in/take-over.ts'
import { authenticate } from '../test-server.ts'
import {
  comeByProvider,
  domains,
  invite,
  invited,
  invitedByMail,
  isVerified,
  mailsTo,
  newAddress,
  open,
  owner,
  proofTo,
  signUp,
  startSignUpScene,
  stopSignUpScene,
} from './sign-up-scene.ts'

beforeAll(startSignUpScene)
afterAll(stopSignUpScene)

it('nobody learns from a sign-up whether an address has an account, unless everybody may come without a link', async () => {
  const { email } = owner.account
  for (const url of [invited.url, invitedByMail.url, domains.url, open.url]) {
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

  it('an invitation proves no address, since whoever made it knows its link, too', async () => {
    const email = newAddress()
    const invitation = await invite({ email })
    expect(await signUp(open.url, { email, invitation })).toMatchObject({ code: 'SIGN_UP_UNPROVED' })
  })

  it('the provider’s word counts where it says that the address is confirmed', async () => {
    expect(await comeByProvider(open.url, newAddress())).toMatchObject(['OWNER of New’s team'])
    expect(await comeByProvider(open.url, newAddress(), {}, false)).toBe('SIGN_UP_UNVERIFIED')
  })

  it('whoever resets the password of an account that another made for their address has it alone', async () => {
    const email = newAddress()
    await comeByProvider(invited.url, email, { invitation: await invite() }, false)
    const { id } = await invited.database.user.findUniqueOrThrow({ where: { email } })
    await takeOver(invited.database, id)
    expect(await invited.database.account.count({ where: { userId: id, providerId: 'oidc' } })).toBe(0)
    expect(await isVerified(email)).toBe(true)
  })
})

describe('by invitation, where mail goes out', () => {
  const ask = (email: string, invitation?: string) =>
    authenticate(invitedByMail.url, invited.config.publicOrigin, 'request-sign-up', { email, invitation })

  it('takes the invitation and a link to the mailbox, which leads on to it', async () => {
    const email = newAddress()
    const invitation = await invite({ email })
    expect((await ask(email)).status).toBe(403)
    expect(await signUp(invitedByMail.url, { email, invitation })).toMatchObject({ code: 'SIGN_UP_UNPROVED' })
    expect((await ask(email, invitation)).status).toBe(200)
    expect((await mailsTo(email))[0]!.text).toContain(`invitation=${invitation}`)
    const proof = await proofTo(email)
    expect(await signUp(invitedByMail.url, { email, proof })).toMatchObject({ code: 'SIGN_UP_INVITED' })
    expect(await signUp(invitedByMail.url, { email, proof, invitation })).toEqual(['VIEWER of Owner’s team'])
    expect(await isVerified(email)).toBe(true)
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

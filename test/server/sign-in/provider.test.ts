import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer } from '../../../server/start-server.ts'
import { cookie } from '../account/account-steps.ts'
import { Browser, type Scene, startScene, VIEWER } from './provider-steps.ts'

let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterAll(() => scene.stop())

/** What the log tells of somebody's account since they signed up. */
async function toldOf({ userId }: { userId: string }) {
  const rows = await scene.server.database.auditEvent.findMany({
    where: { subjectId: userId },
    orderBy: { id: 'asc' },
  })
  return rows.filter(({ action }) => action !== 'account.sign-up')
}

describe('whoever signs in by the provider', () => {
  it('gets an account of the name and address that it tells, with a team of their own, and the same one again', async () => {
    const login = scene.known({ name: 'Grace Hopper' })
    const first = scene.browse()
    expect(await first.signIn(login)).toBe('/there')
    const { viewer } = await first.api.ask(VIEWER)
    expect(viewer).toEqual({
      user: { name: 'Grace Hopper', email: `${login}@lab.example.org` },
      hasPassword: false,
      isLinkedToProvider: true,
      teams: [{ name: 'Grace Hopper’s team', viewerRole: 'OWNER' }],
    })
    const again = scene.browse()
    await again.signIn(login)
    expect(await again.api.ask(VIEWER)).toEqual({ viewer })
  })

  it('is called by what can be a name, where the provider has none', async () => {
    const login = scene.known({ name: '\u200b' })
    const browser = scene.browse()
    await browser.signIn(login)
    expect((await browser.api.ask(VIEWER)).viewer.user.name).toBe(login)
  })

  it('leaves no token of the provider in the database', async () => {
    const login = scene.known()
    await scene.browse().signIn(login)
    const accounts = await scene.server.database.account.findMany({ where: { providerId: 'oidc' } })
    for (const { accessToken, refreshToken, idToken } of accounts)
      expect([accessToken, refreshToken, idToken]).toEqual([null, null, null])
    expect(accounts.map(({ accountId }) => accountId).join()).not.toContain(login)
  })

  it('is signed out again by signing out, of the product alone', async () => {
    const browser = scene.browse()
    await browser.signIn(scene.known())
    expect(await (await browser.post('sign-out', {})).json()).toEqual({ success: true })
    expect(await browser.api.ask(VIEWER)).toEqual({ viewer: null })
  })

  it('is nobody without an address', async () => {
    expect(await scene.browse().signIn(scene.known({ email: 'none' }))).toBe('email_not_found')
  })
})

describe('row 65: somebody who has an account by password', () => {
  it.each([false, true])(
    'is not who has the same address at the provider (said to be verified: %s)',
    async (email_verified) => {
      const ada = await scene.server.signUp('Ada')
      const login = scene.known({ email: ada.account.email, email_verified })
      const browser = scene.browse()
      expect(await browser.signIn(login)).toBe('account_not_linked')
      expect(await browser.api.ask(VIEWER)).toEqual({ viewer: null })
    },
  )

  it('links it by the password, and then signs in by the provider, too', async () => {
    const ada = await scene.server.signUp('Ada')
    const login = scene.known({ email: 'elsewhere@example.org' })
    const link = (currentPassword: string) =>
      scene.browse(cookie(ada)).signIn(login, 'link-social', { currentPassword })
    expect(await link('wrong horse battery')).toBe('INVALID_PASSWORD')
    expect(await link(ada.account.password)).toBe('/there')
    const browser = scene.browse()
    expect(await browser.signIn(login)).toBe('/there')
    const { viewer } = await browser.api.ask(VIEWER)
    expect(viewer.user).toEqual({ name: 'Ada', email: ada.account.email })
    expect([viewer.hasPassword, viewer.isLinkedToProvider]).toEqual([true, true])
    const linked = { action: 'account.link', outcome: 'DONE', actorId: ada.userId, subjectId: ada.userId }
    expect(await toldOf(ada)).toMatchObject([
      { action: 'account.link-ask', outcome: 'REFUSED', code: 'INVALID_PASSWORD' },
      { action: 'account.link-ask', outcome: 'DONE' },
      linked,
      { action: 'account.sign-in', outcome: 'DONE' },
    ])
  })

  it('does not link who is somebody else’s', async () => {
    const login = scene.known()
    await scene.browse().signIn(login)
    const ada = await scene.server.signUp('Ada')
    const linked = scene
      .browse(cookie(ada))
      .signIn(login, 'link-social', { currentPassword: ada.account.password })
    expect(await linked).toBe('account_already_linked_to_different_user')
    expect((await toldOf(ada)).at(-1)).toMatchObject({
      ...{ action: 'account.link', outcome: 'REFUSED', subjectId: ada.userId },
    })
  })
})

describe('whoever has no password', () => {
  const DELETE = 'mutation { deleteAccount(input: {}) { deletedId errors { code message } } }'
  const arrive = async () => {
    const browser = scene.browse()
    await browser.signIn(scene.known())
    const { viewer } = await browser.api.ask('{ viewer { user { id } } }')
    const age = (minutes: number) =>
      scene.server.database.session.updateMany({
        where: { userId: viewer.user.id },
        data: { createdAt: new Date(Date.now() - minutes * 60_000) },
      })
    return { browser, age, userId: viewer.user.id as string }
  }

  it('deletes the account soon after a sign-in, and is told so later', async () => {
    const { browser, age } = await arrive()
    await age(11)
    const { errors } = (await browser.api.ask(DELETE)).deleteAccount
    expect(errors[0]).toMatchObject({ code: 'FORBIDDEN', message: expect.stringMatching(/has no password/) })
    await age(9)
    expect((await browser.api.ask(DELETE)).deleteAccount.deletedId).not.toBeNull()
  })

  it('asks for another address soon after a sign-in, and is told so later', async () => {
    const { browser, age } = await arrive()
    const ask = async () => {
      const body = { newEmail: 'new-address@example.org', callbackURL: '/account' }
      const answer = await browser.post('change-email', body)
      return [answer.status, ((await answer.json()) as { code?: string }).code]
    }
    await age(11)
    expect(await ask()).toEqual([403, 'SIGN_IN_AGAIN'])
    await age(9)
    expect(await ask()).toEqual([200, undefined])
  })

  it('does not lose the one way in', async () => {
    const { browser, userId } = await arrive()
    const where = { providerId: 'oidc', userId }
    const { id: accountId } = await scene.server.database.account.findFirstOrThrow({ where })
    const answer = await browser.post('unlink-account', { accountId })
    expect(await answer.json()).toMatchObject({ code: 'FAILED_TO_UNLINK_LAST_ACCOUNT' })
  })
})

describe('a provider', () => {
  it('that is away is named in one sentence, keeps nobody else waiting, and is taken again once it is back', async () => {
    await scene.oidc.stop()
    const fresh = await startServer({
      ...scene.server.config,
      databaseUrl: scene.server.databaseUrl,
      port: 0,
    })
    const away = new Browser({ ...scene.server, url: fresh.url }, scene.oidc)
    try {
      expect(await away.ask()).toMatchObject({
        status: 503,
        code: 'PROVIDER_AWAY',
        message:
          'Test University does not answer now, so nobody can sign in by it. Try again in a few minutes.',
      })
      const ada = await scene.server.signUp('Ada')
      expect((await away.post('sign-in/email', ada.account)).status).toBe(200)
    } finally {
      await scene.oidc.start()
    }
    expect(await away.signIn(scene.known())).toBe('/there')
    await fresh.close()
  })

  it('that calls itself something else is refused by name', async () => {
    const issuer = `${scene.oidc.issuer}/`
    const signIn = { ...scene.server.config.signIn, provider: { ...scene.provider, issuer } }
    const misnamed = await startServer({ ...scene.server.config, port: 0, signIn })
    const answer = await new Browser({ ...scene.server, url: misnamed.url }, scene.oidc).ask()
    expect(answer).toMatchObject({ status: 503, code: 'PROVIDER_MISNAMED' })
    expect(answer.message).toContain(`OIDC_ISSUER is ${issuer}, and it calls itself ${scene.oidc.issuer}.`)
    await misnamed.close()
  })

  it('by which alone people sign in leaves passwords worth nothing', async () => {
    const ada = await scene.server.signUp('Ada')
    const signIn = { ...scene.server.config.signIn, passwords: false }
    const strict = await startServer({ ...scene.server.config, port: 0, signIn })
    const browser = new Browser({ ...scene.server, url: strict.url }, scene.oidc, cookie(ada))
    const { email, password } = ada.account
    for (const [route, body] of [
      ['sign-in/email', { email, password }],
      ['sign-up/email', { name: 'A', email: 'new@example.org', password }],
      ['request-password-reset', { email }],
      ['reset-password', { token: 't', newPassword: 'four words apart entirely' }],
      ['change-password', { currentPassword: password, newPassword: 'four words apart entirely' }],
    ] as const) {
      const answer = await browser.post(route, body)
      expect([route, answer.status, await answer.json()]).toMatchObject([
        route,
        403,
        { code: 'PASSWORDS_OFF' },
      ])
    }
    expect(await new Browser({ ...scene.server, url: strict.url }, scene.oidc).signIn(scene.known())).toBe(
      '/there',
    )
    await strict.close()
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newKey } from '../../oidc-server.ts'
import { type Scene, startScene, VIEWER } from './provider-steps.ts'

let scene: Scene
beforeAll(async () => {
  scene = await startScene()
})
afterAll(() => scene.stop())

describe('on the way to the provider and back', () => {
  it('a state, a nonce and a challenge by SHA-256 go along, each new', async () => {
    const { url } = await scene.browse().ask()
    const other = await scene.browse().ask()
    const of = (address = '') => new URL(address).searchParams
    expect(of(url).get('code_challenge_method')).toBe('S256')
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(of(url).get(name)?.length).toBeGreaterThan(30)
      expect(of(url).get(name)).not.toBe(of(other.url).get(name))
    }
  })

  it('a state counts in the browser that has asked, and once', async () => {
    const login = scene.known()
    const asker = scene.browse()
    const back = await asker.identify((await asker.ask()).url!, login)
    const elsewhere = await scene.browse().comeBack(back)
    expect(elsewhere.searchParams.get('error')).toBe('state_mismatch')
    expect((await asker.comeBack(back)).pathname).toBe('/there')
    expect((await asker.comeBack(back)).searchParams.get('error')).toBe('state_mismatch')
  })

  it('a code that was asked for by somebody else is worth nothing', async () => {
    const victim = scene.browse()
    const attacker = scene.browse()
    const stolen = await victim.identify((await victim.ask()).url!, scene.known())
    const own = await attacker.identify((await attacker.ask()).url!, scene.known())
    own.searchParams.set('code', stolen.searchParams.get('code')!)
    expect((await attacker.comeBack(own)).searchParams.get('error')).toBe('invalid_code')
    expect(await attacker.api.ask(VIEWER)).toEqual({ viewer: null })
  })

  it('an answer in the name of another issuer is refused', async () => {
    const browser = scene.browse()
    const back = await browser.identify((await browser.ask()).url!, scene.known())
    expect(back.searchParams.get('iss')).toBe(scene.oidc.issuer)
    back.searchParams.set('iss', 'https://elsewhere.example')
    expect((await browser.comeBack(back)).searchParams.get('error')).toBe('issuer_mismatch')
  })

  it('an ID token that was got elsewhere is not taken in place of it', async () => {
    expect(await scene.browse().ask('sign-in/social', { idToken: { token: 'a.b.c' } })).toMatchObject({
      status: 400,
    })
  })
})

describe('row 65: an ID token', () => {
  const past = Math.floor(Date.now() / 1000) - 3_600
  it.each([
    ['of another issuer', { iss: 'https://elsewhere.example' }],
    ['for another client', { aud: 'another' }],
    ['of another request', { nonce: 'another' }],
    ['that is over', { iat: past - 60, exp: past }],
    ['of somebody else than the provider then tells of', { sub: 'person-1' }],
    ['that is true, and signed by another key', {}, newKey().privateKey],
  ])('%s signs nobody in', async (_, claims, key = undefined) => {
    const login = scene.known()
    const browser = scene.browse()
    scene.oidc.forged = { claims, ...(key && { key }) }
    try {
      expect(await browser.signIn(login)).toBe('unable_to_get_user_info')
    } finally {
      scene.oidc.forged = null
    }
    expect(await browser.api.ask(VIEWER)).toEqual({ viewer: null })
    expect(await scene.browse().signIn(login)).toBe('/there')
  })
})

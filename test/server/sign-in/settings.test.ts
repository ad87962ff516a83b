import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../../server/config.ts'

const BASE = { DATABASE_URL: 'postgresql://localhost/x', AUTH_SECRET: randomBytes(32).toString('hex') }
const read = (more: NodeJS.ProcessEnv) => readConfig({ ...BASE, ...more }).signIn
const PROVIDER = { OIDC_ISSUER: 'https://login.example.org/realms/lab', OIDC_CLIENT_ID: 'studyhall' }

describe('the settings of signing in', () => {
  it('are passwords and open doors, unless others are chosen', () => {
    expect(read({ OIDC_ISSUER: '', SIGN_UP_DOMAINS: '' })).toEqual({
      ...{ provider: null, passwords: true, signUp: { mode: 'OPEN', isByLink: false } },
    })
  })

  it('name a provider, with or without a secret, and whether it alone counts', () => {
    expect(read({ ...PROVIDER, OIDC_CLIENT_SECRET: 's', OIDC_LABEL: ' Uni ', OIDC_ONLY: 'yes' })).toEqual({
      provider: {
        issuer: PROVIDER.OIDC_ISSUER,
        clientId: 'studyhall',
        clientSecret: 's',
        label: 'Uni',
      },
      passwords: false,
      signUp: { mode: 'OPEN', isByLink: false },
    })
    expect(read(PROVIDER).provider).toMatchObject({ label: 'single sign-on' })
    expect(read({ ...PROVIDER, OIDC_ISSUER: 'http://localhost:9000' }).provider).not.toBeNull()
  })

  it('have everybody confirm their address where there is a mail server', () => {
    expect(read({ SMTP_URL: 'smtp://mail.example.org' }).signUp).toEqual({ mode: 'OPEN', isByLink: true })
  })

  it('list domains in any case', () => {
    expect(read({ SIGN_UP: 'domains', SIGN_UP_DOMAINS: 'Lab.example.org, uni.example.org' }).signUp).toEqual({
      ...{ mode: 'DOMAINS', domains: ['lab.example.org', 'uni.example.org'] },
    })
    expect(read({ SIGN_UP: 'invited' }).signUp).toEqual({ mode: 'INVITED', isByLink: false })
  })

  it.each([
    [{ OIDC_ISSUER: 'http://login.example.org', OIDC_CLIENT_ID: 'x' }, /OIDC_ISSUER: has to be https/],
    [{ OIDC_ISSUER: 'login.example.org' }, /OIDC_ISSUER: is no https:/],
    [{ OIDC_ISSUER: PROVIDER.OIDC_ISSUER }, /OIDC_CLIENT_ID: is not set, and OIDC_ISSUER is/],
    [{ OIDC_CLIENT_SECRET: 'x' }, /OIDC_ISSUER: is not set, and OIDC_CLIENT_SECRET is/],
    [{ OIDC_ONLY: 'yes' }, /OIDC_ONLY: is yes, and without OIDC_ISSUER nobody could sign in/],
    [{ OIDC_ONLY: 'true' }, /OIDC_ONLY: /],
    [{ SIGN_UP: 'closed' }, /SIGN_UP: /],
    [{ SIGN_UP: 'domains' }, /SIGN_UP_DOMAINS: is not set, and SIGN_UP is domains/],
    [{ SIGN_UP_DOMAINS: 'lab.org' }, /SIGN_UP_DOMAINS: is set, and SIGN_UP is open/],
    [{ SIGN_UP: 'domains', SIGN_UP_DOMAINS: 'ada@lab.org' }, /SIGN_UP_DOMAINS.*: “ada@lab.org” is no domain/],
    [{ SIGN_UP: 'domains', SIGN_UP_DOMAINS: 'lab.org,' }, /SIGN_UP_DOMAINS.*: “” is no domain/],
  ])('that make no sense keep the server from starting, by name: %j', (more, message) => {
    expect(() => read(more)).toThrow(message)
  })
})

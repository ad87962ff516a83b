import type { ProviderSettings } from '../../../server/access/sign-in/settings.ts'
import { CLIENT, type Known, type OidcServer, startOidcServer } from '../../oidc-server.ts'
import { Api, startTestServer, type TestServer } from '../test-server.ts'

export const VIEWER =
  '{ viewer { user { name email } hasPassword isLinkedToProvider teams { name viewerRole } } }'

/** A provider, and an instance that has an administrator and lets everybody in by it. */
export interface Scene {
  oidc: OidcServer
  provider: ProviderSettings
  server: TestServer
  /** Somebody whom the provider knows. @returns the name that they sign in with */
  known(person?: Partial<Known>): string
  browse(session?: string): Browser
  stop(): Promise<void>
}

export async function startScene(): Promise<Scene> {
  const oidc = await startOidcServer('http://localhost:3000/api/auth/callback/oidc')
  const client = { clientId: CLIENT.id, clientSecret: CLIENT.secret }
  const provider = { issuer: oidc.issuer, ...client, label: 'Test University' }
  const server = await startTestServer({
    signIn: { provider, passwords: true, signUp: { mode: 'OPEN', isByLink: false } },
  })
  await server.signUp('Administrator')
  return {
    ...{ oidc, provider, server },
    known(person = {}) {
      const login = `person-${oidc.people.size + 1}`
      const email = `${login}@lab.example.org`
      oidc.people.set(login, { name: `Name of ${login}`, email, email_verified: true, ...person })
      return login
    },
    browse: (session) => new Browser(server, oidc, session),
    async stop() {
      await server.stop()
      await oidc.stop()
    },
  }
}

/** Cookies of one browser, by the server that has set them. */
type Jar = Map<string, string>

/** One browser that goes from the product to the provider and back. */
export class Browser {
  readonly #server: TestServer
  readonly #oidc: OidcServer
  readonly #product: Jar = new Map()
  readonly #provider: Jar = new Map()

  constructor(server: TestServer, oidc: OidcServer, session = '') {
    this.#server = server
    this.#oidc = oidc
    for (const cookie of session.split('; ').filter(Boolean)) this.#keep(this.#product, cookie)
  }

  get api(): Api {
    return new Api(this.#server.url, { cookie: header(this.#product) })
  }

  /** A POST to /api/auth, as the pages make it. */
  post(route: string, body: object): Promise<Response> {
    return this.#send(this.#product, `${this.#server.url}/api/auth/${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: this.#server.config.publicOrigin },
      body: JSON.stringify(body),
    })
  }

  /** Asks to sign in. @returns where the provider is asked, or how the product refuses */
  async ask(route: 'sign-in/social' | 'link-social' = 'sign-in/social', more: object = {}) {
    const body = { provider: 'oidc', callbackURL: '/there', errorCallbackURL: '/sign-in', ...more }
    const answer = await this.post(route, body)
    return {
      status: answer.status,
      ...((await answer.json()) as { url?: string; code?: string; message?: string }),
    }
  }

  /** Tells the provider who one is. @returns the address of the product to which it sends back */
  async identify(url: string, login: string): Promise<URL> {
    let answer = await this.#send(this.#provider, url)
    for (;;) {
      const to = new URL(answer.headers.get('location') ?? '', this.#oidc.issuer)
      if (to.origin !== this.#oidc.issuer) return to
      const isForm = to.pathname.startsWith('/interaction/')
      const body = new URLSearchParams({ login })
      answer = await this.#send(this.#provider, to.href, isForm ? { method: 'POST', body } : {})
    }
  }

  /** Comes back to the product. @returns where it leads on */
  async comeBack({ pathname, search }: URL): Promise<URL> {
    const answer = await this.#send(this.#product, `${this.#server.url}${pathname}${search}`)
    return new URL(answer.headers.get('location') ?? '', this.#server.config.publicOrigin)
  }

  /** All of it. @returns `/there`, or what was wrong */
  async signIn(login: string, ...ask: Parameters<Browser['ask']>): Promise<string> {
    const { url, code } = await this.ask(...ask)
    if (!url) return code ?? ''
    const { pathname, searchParams } = await this.comeBack(await this.identify(url, login))
    return searchParams.get('error') ?? pathname
  }

  async #send(jar: Jar, url: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...init.headers, cookie: header(jar) }
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const cookie of answer.headers.getSetCookie()) this.#keep(jar, cookie.split(';')[0]!)
    return answer
  }

  #keep(jar: Jar, cookie: string): void {
    const at = cookie.indexOf('=')
    jar.set(cookie.slice(0, at), cookie.slice(at + 1))
  }
}

function header(jar: Jar): string {
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
}

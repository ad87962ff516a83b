import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type Configuration } from 'oidc-provider'

const KEY_ID = 'of-tests'

export const CLIENT = { id: 'studyhall', secret: 'a secret of the client alone' }

/** What the provider knows of somebody, by the name that they sign in with. */
export interface Known {
  name: string
  email: string
  email_verified: boolean
}

export interface OidcServer {
  issuer: string
  people: Map<string, Known>
  /** What stands in the next ID tokens in the place of what is true, and the key that signs them. */
  forged: { claims: object; key?: KeyObject } | null
  stop(): Promise<void>
  /** On the same port again. */
  start(): Promise<void>
}

/** A whole OpenID Connect provider, which asks for PKCE and signs in whoever tells their name. */
export async function startOidcServer(callbackUrl: string): Promise<OidcServer> {
  const people = new Map<string, Known>()
  const http = createServer()
  const listen = async (port: number) => {
    http.listen(port, 'localhost')
    await once(http, 'listening')
  }
  await listen(0)
  const { port } = http.address() as AddressInfo
  const issuer = `http://localhost:${port}`
  const { privateKey } = newKey()
  const provider = new Provider(issuer, configure(people, callbackUrl, privateKey))
  const handle = provider.callback()
  const server: OidcServer = {
    issuer,
    people,
    forged: null,
    stop: async () => {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
    start: () => listen(port),
  }
  http.on('request', (request, response) => {
    const { pathname } = new URL(request.url ?? '', issuer)
    const { forged } = server
    if (pathname === '/token' && forged) forge(response, forged.claims, forged.key ?? privateKey)
    if (!pathname.startsWith('/interaction/')) return handle(request, response)
    void (request.method === 'POST' ? finish(provider, request, response) : showForm(response))
  })
  return server
}

export function newKey() {
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
}

function configure(people: OidcServer['people'], callbackUrl: string, key: KeyObject): Configuration {
  return {
    jwks: { keys: [{ ...key.export({ format: 'jwk' }), kid: KEY_ID, alg: 'RS256', use: 'sig' }] as never },
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        token_endpoint_auth_method: 'client_secret_post',
        redirect_uris: [callbackUrl],
      },
    ],
    claims: { email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    cookies: { keys: ['of tests'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...people.get(sub) }) }),
    // Nobody is asked whether this client may know them.
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ clientId: CLIENT.id, accountId: oidc.session?.accountId ?? '' })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  }
}

function showForm(response: ServerResponse): void {
  response.setHeader('content-type', 'text/html')
  response.end(
    '<!doctype html><html lang="en"><title>Provider</title><link rel="icon" href="data:,"><form method="post"><label>Who are you? <input name="login"></label><button>Go on</button></form></html>',
  )
}

async function finish(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks = await request.toArray()
  const accountId = new URLSearchParams(Buffer.concat(chunks).toString()).get('login') ?? ''
  await provider.interactionFinished(request, response, { login: { accountId } })
}

/** Changes the ID token in an answer that is about to be sent. */
function forge(response: ServerResponse, claims: object, key: KeyObject): void {
  const end = response.end.bind(response)
  response.end = ((body: string) => {
    const answer = JSON.parse(body)
    const [, payload = ''] = answer.id_token.split('.')
    const told = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), ...claims }
    const text = JSON.stringify({ ...answer, id_token: signToken(told, key) })
    response.setHeader('content-length', Buffer.byteLength(text))
    return end(text)
  }) as typeof response.end
}

function signToken(claims: object, key: KeyObject): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part({ alg: 'RS256', kid: KEY_ID })}.${part(claims)}`
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`
}

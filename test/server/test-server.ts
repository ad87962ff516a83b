import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import type { Database } from '../../prisma/client.ts'
import { OPEN_SIGN_IN } from '../../server/access/sign-in/settings.ts'
import type { ServerConfig } from '../../server/config.ts'
import { startServer } from '../../server/start-server.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'
import { openStorage } from '../../storage/open-storage.ts'
import { createTestDatabase } from '../database.ts'

export interface TestServer {
  url: string
  databaseUrl: string
  database: Database
  storage: BlobStorage
  config: ServerConfig
  /** Of uploads that are not finalized, unless blobs are in a bucket. */
  uploadsFolder: string
  /** An address that the API gave, at this server's port, which the public origin does not have. */
  at(address: string): string
  /** A new person, signed up over HTTP. */
  signUp(name?: string): Promise<Person>
  stop(): Promise<void>
}

/** The server in this process, on a port and a database of its own. */
export async function startTestServer(overrides: Partial<ServerConfig> = {}): Promise<TestServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'studyhall-server-'))
  const { url: databaseUrl, database, drop } = await createTestDatabase()
  const config: ServerConfig = {
    production: false,
    showsSchema: true,
    databaseUrl,
    storage: { kind: 'disk', folder: path.join(folder, 'storage') },
    host: '127.0.0.1',
    port: 0,
    publicOrigin: 'http://localhost:3000',
    authSecret: randomBytes(32).toString('hex'),
    authLimits: { attemptsPerMinute: 10_000, signUpsPerHour: 10_000, devicePollSeconds: 0.05 },
    auditKeepDays: 400,
    signIn: OPEN_SIGN_IN,
    costPerMinute: 1_000_000,
    unreadSockets: { lookEveryMs: 5_000, unreadMs: 20_000 },
    webhooks: { privateHosts: [], timeoutMs: 5_000 },
    logLevel: 'silent',
    ...overrides,
  }
  const server = await startServer(config)
  return {
    url: server.url,
    databaseUrl,
    database,
    storage: await openStorage(config.storage),
    config,
    uploadsFolder: path.join(folder, 'storage', 'uploads'),
    at: (address) => `${server.url}${address.slice(config.publicOrigin.length)}`,
    signUp: (name = 'Ada') => signUp(server.url, config.publicOrigin, name),
    async stop() {
      await server.close()
      await drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export interface Account {
  name: string
  email: string
  password: string
}

export interface Person {
  api: Api
  account: Account
  userId: string
  /** The team that they landed in. */
  teamId: string
}

async function signUp(url: string, origin: string, name: string): Promise<Person> {
  const account = {
    name,
    email: `${randomBytes(6).toString('hex')}@example.org`,
    password: 'correct horse battery',
  }
  const response = await authenticate(url, origin, 'sign-up/email', account)
  const { user } = (await response.json()) as { user: { id: string } }
  const api = new Api(url, { cookie: cookieOf(response) })
  const { viewer } = await api.ask('{ viewer { teams { id } } }')
  return { api, account, userId: user.id, teamId: viewer.teams[0].id }
}

/** A POST to /api/auth, as the pages make it. */
export function authenticate(url: string, origin: string, route: string, body: object): Promise<Response> {
  return fetch(`${url}/api/auth/${route}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify(body),
  })
}

export function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

// biome-ignore lint/suspicious/noExplicitAny: answers are read by the tests that asked.
type Data = any

export interface Answer {
  status: number
  data?: Data
  errors?: { message: string; extensions?: { code?: string } }[]
}

/** Speaks to one server with the credentials of one person or key. */
export class Api {
  readonly url: string
  readonly headers: Record<string, string>

  constructor(url: string, headers: Record<string, string> = {}) {
    this.url = url
    this.headers = headers
  }

  /** Whatever the server says. */
  async send(query: string, variables: object = {}): Promise<Answer> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.headers },
      body: JSON.stringify({ query, variables }),
    })
    return { status: response.status, ...((await response.json()) as object) }
  }

  /** The data; throws where there are errors outside a payload. */
  async ask(query: string, variables: object = {}): Promise<Data> {
    const { data, errors } = await this.send(query, variables)
    if (errors) throw new Error(JSON.stringify(errors))
    return data
  }

  /** A mutation's payload, with the fields asked for and its errors. */
  async mutate(name: string, input: object, fields = ''): Promise<Data> {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input!`
    const query = `mutation ($input: ${type}) { ${name}(input: $input) { ${fields} errors { code message path } } }`
    return (await this.ask(query, { input }))[name]
  }

  /** Each answer of a subscription, until it ends or the reader stops. */
  async *listen(query: string, variables: object = {}): AsyncGenerator<Omit<Answer, 'status'>> {
    const client = this.socket()
    try {
      yield* client.iterate({ query, variables: { ...variables } }) as AsyncIterable<Answer>
    } finally {
      await client.dispose()
    }
  }

  /** A graphql-ws client with these credentials, as headers of the upgrade. */
  socket(headers: Record<string, string> = this.headers, connectionParams?: Record<string, unknown>) {
    class Socket extends WebSocket {
      constructor(address: string, protocols: string[]) {
        super(address, protocols, { headers })
      }
    }
    return createClient({
      url: `${this.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: Socket,
      connectionParams,
      retryAttempts: 0,
    })
  }
}

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { networkOf } from '../../server/access/client-address.ts'
import { type RunningServer, startServer } from '../../server/start-server.ts'
import { TrustedProxies } from '../../web/front/client-address.ts'
import { openFront } from '../../web/front/open-front.ts'
import { authenticate, startTestServer, type TestServer } from '../server/test-server.ts'
import { apiAt } from './api-at.ts'

const ATTEMPTS = 4
const SECRET = randomBytes(32).toString('hex')
const PROXY = '127.0.0.9'

let whole: TestServer
let api: RunningServer
const open: Server[] = []

beforeAll(async () => {
  whole = await startTestServer()
})
afterAll(() => whole.stop())
// A server of its own for each test, whose counts begin at nothing.
beforeEach(async () => {
  const authLimits = { attemptsPerMinute: ATTEMPTS, signUpsPerHour: 2 }
  api = await startServer({ ...whole.config, authLimits, frontSecret: SECRET })
})
afterEach(async () => {
  for (const each of open.splice(0)) each.close().closeAllConnections()
  await api.close()
})

async function front(proxies = '', secret = SECRET): Promise<string> {
  const place = apiAt(api.url, { secret, proxies: new TrustedProxies(proxies) })
  const server = openFront(place, { answer: (_, response) => void response.end('a page') })
  open.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

interface Attempt {
  from?: string
  headers?: Record<string, string>
  route?: string
  body?: string
}

let attempts = 0
/** @returns the status; each attempt is at an account of its own */
async function attempt(origin: string, { from = '127.0.0.1', headers = {}, route, body }: Attempt = {}) {
  const account = { email: `${attempts++}@example.org`, password: 'wrong horse battery', name: 'Ada' }
  const sent = request(`${origin}/api/auth/${route ?? 'sign-in/email'}`, {
    method: 'POST',
    localAddress: from,
    headers: { 'content-type': 'application/json', origin: whole.config.publicOrigin, ...headers },
  })
  sent.end(body ?? JSON.stringify(account))
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  answer.resume()
  return answer.statusCode
}

async function statuses(origin: string, each: (n: number) => Attempt): Promise<(number | undefined)[]> {
  const found = []
  for (let n = 0; n <= ATTEMPTS; n++) found.push(await attempt(origin, each(n)))
  return found
}

const LIMITED = [401, 401, 401, 401, 429]
const forged = (n: number) => ({
  'x-forwarded-for': `203.0.113.${n}`,
  forwarded: `for=203.0.113.${n}`,
  'x-real-ip': `203.0.113.${n}`,
})

describe('row 56: attempts to sign in', () => {
  it.each(['directly', 'through the front'])(
    'count by true address whatever their sender says of it, loopback too: %s',
    async (way) => {
      const origin = way === 'directly' ? api.url : await front()
      expect(await statuses(origin, (n) => ({ headers: forged(n) }))).toEqual(LIMITED)
    },
  )

  it('count by true address where their sender claims to be the front', async () => {
    const claimed = (n: number) => ({ headers: { ...forged(n), 'x-studyhall-front': 'f'.repeat(64) } })
    expect(await statuses(api.url, claimed)).toEqual(LIMITED)
    expect(await statuses(await front('', 'a guess'), claimed)).toEqual([429, 429, 429, 429, 429])
  })

  it('of one address through the front leave another its own', async () => {
    const origin = await front()
    expect(await statuses(origin, () => ({ from: '127.0.0.2' }))).toEqual(LIMITED)
    expect(await attempt(origin, { from: '127.0.0.3' })).toBe(401)
  })

  it('through a trusted proxy count by the address that it saw, and not by what was told to it', async () => {
    const origin = await front(PROXY)
    const through = (n: number, seen: string) => ({
      from: PROXY,
      headers: { 'x-forwarded-for': `203.0.113.${n}, ${seen}` },
    })
    expect(await statuses(origin, (n) => through(n, '198.51.100.7'))).toEqual(LIMITED)
    expect(await attempt(origin, through(0, '198.51.100.8'))).toBe(401)
    // Whoever is no proxy is believed nothing.
    expect(await statuses(origin, (n) => ({ from: '127.0.0.4', headers: forged(n) }))).toEqual(LIMITED)
  })

  it.each([
    ['application/x-www-form-urlencoded', 'email=a%40example.org&password=wrong+horse+battery'],
    ['text/plain', JSON.stringify({ email: 'a@example.org', password: 'wrong horse battery' })],
    ['multipart/form-data; boundary=x', '--x--'],
    ['application/jsonx', '{}'],
  ])('that come as %s are refused, for no limit would see them', async (type, body) => {
    for (const origin of [api.url, await front()])
      expect(await attempt(origin, { headers: { 'content-type': type }, body })).toBe(415)
  })

  it.each(['sign-in/email', 'request-password-reset', 'change-password', 'no-such-thing'])(
    'count at every address to which anything can be posted: %s',
    async (route) => {
      for (let n = 0; n < ATTEMPTS; n++) expect(await attempt(api.url, { route })).not.toBe(429)
      expect(await attempt(api.url, { route })).toBe(429)
    },
  )
})

it('new accounts from one address are few an hour, since each answer tells whether there was one', async () => {
  const origin = await front()
  expect(await attempt(origin, { route: 'sign-up/email' })).toBe(200)
  expect(await attempt(origin, { route: 'sign-up/email' })).toBe(200)
  expect(await attempt(origin, { route: 'sign-up/email' })).toBe(429)
  expect(await attempt(origin, { route: 'sign-up/email', from: '127.0.0.5' })).toBe(200)
})

it('a session keeps the true address of who signed in', async () => {
  const { account, userId } = await whole.signUp()
  const origin = await front()
  await authenticate(origin, whole.config.publicOrigin, 'sign-in/email', account)
  const session = await whole.database.session.findFirst({
    where: { userId },
    orderBy: { createdAt: 'desc' },
  })
  expect(session?.ipAddress).toBe('127.0.0.1')
})

it('an IPv6 address counts with its network, an IPv4 one by itself', () => {
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe(networkOf('2001:db8:1:2::9'))
  expect(networkOf('2001:db8:1:2::9')).not.toBe(networkOf('2001:db8:1:3::9'))
  expect(networkOf('::1')).toBe('0:0:0:0::/64')
  expect(networkOf('192.0.2.1')).not.toBe(networkOf('192.0.2.2'))
})

it.each(['example.org', '10.0.0.0/33', '10.0.0.0/-1', '::1/129', '10.0.0.0/8/9', 'loopback;private'])(
  'no proxy is named by %s',
  (text) => expect(() => new TrustedProxies(text)).toThrow(`“${text}” is no address`),
)

it('proxies are named by address, range and name', () => {
  const proxies = new TrustedProxies('loopback, 192.0.2.7,2001:db8::/32')
  expect(['127.0.0.8', '::1', '192.0.2.7', '2001:db8::9'].every((address) => proxies.has(address))).toBe(true)
  expect(['192.0.2.8', '10.0.0.1', '2001:db9::1', '', 'x'].some((address) => proxies.has(address))).toBe(
    false,
  )
})

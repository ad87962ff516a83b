import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { fail } from '../../../runs/transitions/index.ts'
import { Api, authenticate, cookieOf, type Person, type TestServer } from '../test-server.ts'
import { FAILURE, type NoticeScene, openNoticeScene } from './notice-scene.ts'

const bytes = (text: string) => Buffer.from(text, 'base64url')

/** A push service on this machine, which is allowed. */
const received: { path: string; headers: IncomingHttpHeaders; body: Buffer }[] = []
const service = createServer(async (request, response) => {
  received.push({ path: request.url ?? '', headers: request.headers, body: await buffer(request) })
  if (request.url !== '/hangs') response.writeHead(request.url === '/gone' ? 410 : 201).end()
})
let scene: NoticeScene
let ada: Person
let server: TestServer
let origin: string
beforeAll(async () => {
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
  // So long that whatever waits for one that hangs fails.
  scene = await openNoticeScene({ webhooks: { privateHosts: ['127.0.0.1'], timeoutMs: 60_000 } })
  ;({ ada, server } = scene)
})
afterAll(async () => {
  await server.stop()
  service.close()
  service.closeAllConnections()
})
beforeEach(() => {
  received.length = 0
})

/** A browser's keys. */
function newBrowser() {
  const curve = createECDH('prime256v1')
  const auth = randomBytes(16)
  const keys = { p256dh: curve.generateKeys('base64url'), auth: auth.toString('base64url') }
  return { curve, auth, keys }
}

/** As a browser does it, by RFC 8291. */
function decrypt(body: Buffer, { curve, auth, keys }: ReturnType<typeof newBrowser>): string {
  const [salt, sender, sealed] = [body.subarray(0, 16), body.subarray(21, 86), body.subarray(86)]
  const derive = (secret: Buffer, by: Buffer, info: Buffer, length: number) =>
    Buffer.from(hkdfSync('sha256', secret, by, info, length))
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), bytes(keys.p256dh), sender])
  const secret = derive(curve.computeSecret(sender), auth, info, 32)
  const key = derive(secret, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
  const nonce = derive(secret, salt, Buffer.from('Content-Encoding: nonce\0'), 12)
  const decipher = createDecipheriv('aes-128-gcm', key, nonce, { authTagLength: 16 })
  decipher.setAuthTag(sealed.subarray(-16))
  const plain = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
  return plain.subarray(0, -1).toString()
}

const subscribe = (subscription: object | null, { api } = ada) =>
  api.mutate('setPushSubscription', { subscription }, 'isPushed')
const isPushed = async () => (await ada.api.ask('{ viewer { isPushed } }')).viewer.isPushed

const chooseByBrowser = ({ api }: Person) =>
  api.mutate('chooseNotices', { kind: 'RUN_FAILED', channel: 'BROWSER', scope: 'TEAM' })

async function failRun(): Promise<number> {
  const { id, number } = await scene.startRun()
  await scene.change(id, (tx, run) => fail(tx, run, FAILURE))
  await scene.settle()
  return number
}

it('a notice reaches the browser that was added, which alone can read it, by the key that pages subscribe with', async () => {
  const browser = newBrowser()
  expect(await isPushed()).toBe(false)
  const endpoint = `${origin}/ada`
  expect(await subscribe({ endpoint, ...browser.keys })).toEqual({ isPushed: true, errors: [] })
  expect(await isPushed()).toBe(true)
  const number = await failRun()
  await expect.poll(() => received.length).toBe(1)
  const [{ headers, body }] = received as [(typeof received)[number]]
  const { slug } = await server.database.team.findUniqueOrThrow({ where: { id: ada.teamId } })
  expect(JSON.parse(decrypt(body, browser))).toEqual({
    id: expect.stringMatching(/^ntc_/),
    title: `Run ${number} failed`,
    body: FAILURE.message,
    path: `/${slug}/runs/${number}`,
  })
  expect(headers).toMatchObject({ 'content-encoding': 'aes128gcm', ttl: '86400' })
  const { pushKey } = (await ada.api.ask('{ viewer { pushKey } }')).viewer
  expect(headers.authorization?.split(', k=')[1]).toBe(pushKey)

  expect(await subscribe(null)).toEqual({ isPushed: false, errors: [] })
  expect(await server.database.pushSubscription.count()).toBe(0)
})

it('a browser that its push service no longer knows is forgotten, and so is one that signs out', async () => {
  await subscribe({ endpoint: `${origin}/gone`, ...newBrowser().keys })
  await failRun()
  await expect.poll(() => server.database.pushSubscription.count()).toBe(0)
  const joan = await server.signUp('Joan')
  await subscribe({ endpoint: `${origin}/joan`, ...newBrowser().keys }, joan)
  const headers = {
    ...joan.api.headers,
    'content-type': 'application/json',
    origin: server.config.publicOrigin,
  }
  await fetch(`${server.url}/api/auth/sign-out`, { method: 'POST', headers, body: '{}' })
  expect(await server.database.pushSubscription.count()).toBe(0)
})

it('somebody who left the team, or is suspended, is sent nothing more', async () => {
  const { database } = server
  const { userId } = scene.grace
  await chooseByBrowser(scene.grace)
  await subscribe({ endpoint: `${origin}/grace`, ...newBrowser().keys }, scene.grace)
  await subscribe({ endpoint: `${origin}/ada`, ...newBrowser().keys })
  await database.user.update({ where: { id: userId }, data: { suspendedAt: new Date() } })
  await failRun()
  await expect.poll(() => received.map(({ path }) => path)).toEqual(['/ada'])
  await database.user.update({ where: { id: userId }, data: { suspendedAt: null } })
  await database.member.deleteMany({ where: { userId, teamId: ada.teamId } })
  await failRun()
  await expect.poll(() => received.map(({ path }) => path)).toEqual(['/ada', '/ada'])
  await database.pushSubscription.deleteMany()
})

it('row 69: a browser where somebody else signs in is sent what they are told, and no longer what the first is', async () => {
  const endpoint = `${origin}/shared`
  await subscribe({ endpoint, ...newBrowser().keys })
  const joan = await server.signUp('Joan')
  expect(await subscribe({ endpoint, ...newBrowser().keys }, joan)).toEqual({ isPushed: true, errors: [] })
  expect(await isPushed()).toBe(false)
  const rows = await server.database.pushSubscription.findMany()
  expect(rows.map(({ userId }) => userId)).toEqual([joan.userId])
  await server.database.pushSubscription.deleteMany()
})

it('row 69: of one person’s browsers the newest ten are kept, also where two are added at once', async () => {
  const { database, url, config } = server
  const { userId } = ada
  const own = await database.session.findFirstOrThrow({ where: { userId } })
  for (let i = 0; i < 11; i++) {
    const id = `session-${i}`
    await database.session.create({ data: { ...own, id, token: id } })
    const keys = { endpoint: `${origin}/${i}`, p256dh: 'p', auth: 'a' }
    await database.pushSubscription.create({
      data: { sessionId: id, userId, ...keys, createdAt: new Date(i) },
    })
  }
  const second = await authenticate(url, config.publicOrigin, 'sign-in/email', ada.account)
  const other = { ...ada, api: new Api(url, { cookie: cookieOf(second) }) }
  const newest = () => subscribe({ endpoint: `${origin}/newest`, ...newBrowser().keys })
  const answers = await Promise.all([
    ...[newest(), newest(), newest()],
    subscribe({ endpoint: `${origin}/second`, ...newBrowser().keys }, other),
  ])
  expect(answers).toEqual(Array(4).fill({ isPushed: true, errors: [] }))
  const kept = await database.pushSubscription.findMany({ orderBy: { createdAt: 'asc' } })
  const names = kept.map(({ endpoint }) => endpoint.split('/').at(-1))
  expect(names.slice(0, 8)).toEqual(['3', '4', '5', '6', '7', '8', '9', '10'])
  expect(names.slice(8).sort()).toEqual(['newest', 'second'])
  await database.pushSubscription.deleteMany()
})

it.each([
  ['plain http', { endpoint: 'http://push.example.org/1' }, 'public address'],
  ['a private address', { endpoint: 'https://10.0.0.7/1' }, 'public address'],
  ['a name and password', { endpoint: 'https://ada:secret@push.example.org/1' }, 'public address'],
  ['no address', { endpoint: 'somewhere' }, 'URL'],
  ['an address that is too long', { endpoint: `https://push.example.org/${'x'.repeat(1000)}` }, '1000'],
  ['a blank in the address', { endpoint: 'https://push.example.org/a b' }, 'characters that no address has'],
  ['a point beside the curve', { p256dh: `BA${'A'.repeat(85)}` }, 'no point of the curve'],
  ['a key that is too long', { p256dh: `BA${'A'.repeat(86)}` }, 'no uncompressed point'],
  ['a secret that is too long', { auth: 'A'.repeat(23) }, '16 bytes'],
])('row 69: a subscription with %s is refused', async (_, wrong, why) => {
  const { errors } = await subscribe({
    endpoint: 'https://push.example.org/1',
    ...newBrowser().keys,
    ...wrong,
  })
  expect(errors[0].message).toContain(why)
})

it('nobody is subscribed who is not signed in', async () => {
  const { errors } = await new Api(server.url).mutate(
    'setPushSubscription',
    { subscription: null },
    'isPushed',
  )
  expect(errors[0].code).toBe('UNAUTHENTICATED')
})

it('row 69: a push service that hangs holds up nobody else’s notices', async () => {
  const joan = await server.signUp('Joan')
  await scene.join(joan)
  await chooseByBrowser(joan)
  await subscribe({ endpoint: `${origin}/hangs`, ...newBrowser().keys })
  await subscribe({ endpoint: `${origin}/joan`, ...newBrowser().keys }, joan)
  await failRun()
  await failRun()
  await expect.poll(() => received.filter(({ path }) => path === '/joan').length).toBe(2)
  expect(received.filter(({ path }) => path === '/hangs').length).toBeLessThan(2)
})

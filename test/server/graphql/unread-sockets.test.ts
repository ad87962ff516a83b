import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { endUnread } from '../../../server/graphql/transport/unread-sockets.ts'
import { insertCohort, insertRun, insertVersion } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

const EVENTS = 60
const EVENT_BYTES = 20_000

let server: TestServer
let ada: Person
let runId: string
beforeAll(async () => {
  server = await startTestServer({ unreadSockets: { lookEveryMs: 100, unreadMs: 1_500 } })
  ada = await server.signUp()
  const { database } = server
  const parts = { ...(await insertVersion(database, ada)), ...(await insertCohort(database, ada)) }
  runId = await insertRun(database, ada, parts)
  const payload = { kind: 'LOG', level: 'INFO', source: 'WORKER', message: 'x'.repeat(EVENT_BYTES) }
  const rows = Array.from({ length: EVENTS }, (_, i) => ({
    teamId: ada.teamId,
    runId,
    seq: i + 1,
    kind: 'LOG' as const,
    payload,
  }))
  await database.runEvent.createMany({ data: rows })
  await database.run.update({ where: { id: runId }, data: { lastSeq: EVENTS } })
})
afterAll(() => server.stop())

/** What is left once everything that nobody refers to has gone. */
function keptBytes(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}

/** A socket that asks for so many replays and then reads nothing. */
async function askAndStopReading(replays: number): Promise<WebSocket> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    headers: ada.api.headers,
  })
  socket.on('error', () => {})
  await once(socket, 'open')
  socket.send('{"type":"connection_init"}')
  await once(socket, 'message')
  const query =
    'subscription ($runId: ID!) { runEvents(runId: $runId) { seq ... on LogWritten { message } } }'
  for (let id = 0; id < replays; id++)
    socket.send(JSON.stringify({ id: `${id}`, type: 'subscribe', payload: { query, variables: { runId } } }))
  socket.pause()
  return socket
}

describe('rows 49 and 62: a reader who reads nothing', () => {
  it('of a hundred replays in all is let go, and what waited for them is freed', async () => {
    const before = keptBytes()
    const terminate = vi.spyOn(WebSocket.prototype, 'terminate')
    const sockets = await Promise.all(Array.from({ length: 5 }, () => askAndStopReading(20)))
    const ended = sockets.map((socket) => once(socket, 'close'))
    await expect.poll(() => terminate.mock.calls.length, { timeout: 40_000 }).toBe(5)
    terminate.mockRestore()
    // What it was sent before is read, and then the end is.
    for (const socket of sockets) socket.resume()
    await Promise.all(ended)
    await sleep(500)
    expect(keptBytes() - before).toBeLessThan(30 * 1024 * 1024)
  }, 60_000)

  it('is ended by how long nothing was taken, and one who reads slowly is not', async () => {
    const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    const stop = endUnread(sockets.clients, { lookEveryMs: 50, unreadMs: 400 })
    await once(sockets, 'listening')
    const { port } = sockets.address() as { port: number }
    sockets.on('connection', (socket) => {
      for (let i = 0; i < 200; i++) socket.send('x'.repeat(100_000))
    })
    const [idle, slow] = [new WebSocket(`ws://127.0.0.1:${port}`), new WebSocket(`ws://127.0.0.1:${port}`)]
    for (const socket of [idle, slow]) socket.on('error', () => {})
    let slowEnded = false
    slow.on('close', () => {
      slowEnded = true
    })
    await Promise.all([once(idle, 'open'), once(slow, 'open')])
    idle.pause()
    const reading = setInterval(() => {
      slow.resume()
      setTimeout(() => slow.pause(), 20)
    }, 100)
    await expect.poll(() => sockets.clients.size, { timeout: 5_000 }).toBeLessThanOrEqual(1)
    expect(slowEnded).toBe(false)
    clearInterval(reading)
    stop()
    for (const socket of [idle, slow]) socket.terminate()
    sockets.close()
  })
})

it('frames that are none end their socket, and nothing else', async () => {
  const uncaught: unknown[] = []
  const take = (error: unknown) => uncaught.push(error)
  process.on('uncaughtException', take)
  process.on('unhandledRejection', take)
  const head = `GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`
  const frames = [
    [0xff, 0xff, 0xff, 0xff],
    [0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    [0x81, 0x84, 0, 0, 0, 0, 0xff, 0xfe, 0xfd, 0xfc],
    [0x89, 0xfe, 0x01, 0x00],
    [0x80, 0x80, 0, 0, 0, 0],
    [0x88, 0x81, 0, 0, 0, 0, 1],
    [0x81, 0x05, 1, 2, 3, 4, 5],
    [...Buffer.from([0x81, 0x82, 0, 0, 0, 0]), ...Buffer.from('{}')],
    [...Buffer.from([0x81, 0x84, 0, 0, 0, 0]), ...Buffer.from('null')],
    [...Buffer.from([0x81, 0x82, 0, 0, 0, 0]), ...Buffer.from('[]')],
  ]
  for (const frame of frames)
    for (const reset of [false, true]) {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1').on('error', () => {})
      socket.write(head)
      await once(socket, 'data')
      for (let i = 0; i < 3; i++) socket.write(Buffer.from(frame))
      if (reset) setTimeout(() => socket.resetAndDestroy(), 5)
      else setTimeout(() => socket.end(), 30)
      await once(socket.resume(), 'close')
    }
  await sleep(200)
  process.off('uncaughtException', take)
  process.off('unhandledRejection', take)
  expect(uncaught).toEqual([])
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
})

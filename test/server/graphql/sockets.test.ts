import { once } from 'node:events'
import net from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { SocketQuota } from '../../../server/graphql/transport/socket-quota.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
})
afterAll(() => server.stop())

const UPGRADE = [
  'GET /nowhere HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
].join('\r\n')

/** Asks for a socket where there is none, and resets the connection within 2 ms. */
async function askAndReset(port: number): Promise<void> {
  const socket = net.connect(port, '127.0.0.1').on('error', () => {})
  await once(socket, 'connect')
  socket.write(`${UPGRADE}\r\n\r\n`)
  setTimeout(() => socket.resetAndDestroy(), Math.random() * 2)
  await once(socket, 'close')
}

/** Signs in and hangs up before the answer. */
async function signInAndLeave(): Promise<void> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    headers: ada.api.headers,
  })
  await once(socket, 'open')
  socket.send('{"type":"connection_init"}', () => socket.terminate())
  await once(socket, 'close')
}

async function manyTimes(count: number, act: () => Promise<void>): Promise<void> {
  const one = async () => {
    while (count-- > 0) await act()
  }
  await Promise.all(Array.from({ length: 10 }, one))
}

describe('a socket', () => {
  it('that is refused and hangs up at once does not end the server', async () => {
    const uncaught: Error[] = []
    const take = (error: Error) => uncaught.push(error)
    process.on('uncaughtException', take)
    await manyTimes(300, () => askAndReset(Number(new URL(server.url).port)))
    process.off('uncaughtException', take)
    expect(uncaught).toEqual([])
  })

  it('that has closed after it was used makes room for another, however many there were', async () => {
    for (let i = 0; i < 60; i++) {
      const client = ada.api.socket()
      const answers = client.iterate({ query: '{ viewer { user { name } } }' })
      expect((await answers.next()).value).toEqual({ data: { viewer: { user: { name: 'Ada' } } } })
      await client.dispose()
    }
  })

  it('that was left while its person was looked up does not count as open', async () => {
    await manyTimes(200, signInAndLeave)
    const client = ada.api.socket()
    const outcome = new Promise((resolve) => {
      client.on('connected', () => resolve('connected'))
      client.on('closed', (event) => resolve((event as { code: number }).code))
    })
    void client
      .iterate({ query: '{ viewer { user { id } } }' })
      .next()
      .catch(() => {})
    expect(await outcome).toBe('connected')
    await client.dispose()
  })
})

describe('the count of a person’s sockets', () => {
  const idle = () => ({ subscriptions: {} })

  it('lets nobody have more than fifty, and one more when one has closed', () => {
    const quota = new SocketQuota()
    const sockets = Array.from({ length: 51 }, idle)
    expect(sockets.filter((socket) => quota.take('ada', socket))).toHaveLength(50)
    expect(quota.take('grace', idle())).toBe(true)
    quota.release('ada', sockets[0]!)
    expect(quota.take('ada', idle())).toBe(true)
    expect(quota.take('ada', idle())).toBe(false)
  })

  it('lets nobody run more than five hundred operations on all of them', () => {
    const quota = new SocketQuota()
    const hundred = () => ({
      subscriptions: Object.fromEntries(Array.from({ length: 100 }, (_, id) => [id, null])),
    })
    const sockets = Array.from({ length: 5 }, hundred)
    for (const socket of sockets) quota.take('ada', socket)
    expect(quota.hasRoom('ada')).toBe(true)
    const another = { subscriptions: { more: null } }
    quota.take('ada', another)
    expect([quota.hasRoom('ada'), quota.hasRoom('grace')]).toEqual([false, true])
    quota.release('ada', another)
    expect(quota.hasRoom('ada')).toBe(true)
  })

  it('forgets who has none any more', () => {
    const quota = new SocketQuota()
    const sockets = Array.from({ length: 1000 }, idle)
    for (const [i, socket] of sockets.entries()) quota.take(`person-${i}`, socket)
    for (const [i, socket] of sockets.entries()) quota.release(`person-${i}`, socket)
    expect(quota.people).toBe(0)
  })
})

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import { ApiClient, ConnectionLost } from '../../../cli/studyhall/api/client.ts'

const SILENCE_MS = 10_000

let server: WebSocketServer
beforeEach(() => {
  // Sockets take the time they take.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
  for (const socket of server.clients) socket.terminate()
  server.close()
})

const PONG = { type: 'pong' }
const NEXT = { type: 'next', payload: { data: { at: 1 } } }

/** Events of a server that answers messages of these types with those, and otherwise says nothing. */
async function listenTo(answers: Record<string, { type: string }[]>) {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'graphql-transport-ws' })
  let subscription: string
  server.on('connection', (socket) =>
    socket.on('message', (data) => {
      const { type, id } = JSON.parse(String(data))
      if (type === 'subscribe') subscription = id
      for (const answer of answers[type] ?? [])
        socket.send(JSON.stringify({ ...answer, ...(answer.type === 'next' && { id: subscription }) }))
      server.emit(type)
    }),
  )
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return new ApiClient(url, {}).listen<{ at: number }>('subscription { at }', {})
}

const ANSWERS = { connection_init: [{ type: 'connection_ack' }], subscribe: [NEXT] }

describe('a subscription', () => {
  it('breaks where the server does not answer any more, though its socket stays open', async () => {
    const events = await listenTo(ANSWERS)
    expect((await events.next()).value).toEqual({ at: 1 })
    const broken = expect(events.next()).rejects.toThrow(ConnectionLost)
    await vi.advanceTimersByTimeAsync(2 * SILENCE_MS)
    await broken
  })

  it('breaks where the server takes the connection and says nothing', async () => {
    const events = await listenTo({})
    const broken = expect(events.next()).rejects.toThrow(ConnectionLost)
    await once(server, 'connection_init')
    await vi.advanceTimersByTimeAsync(SILENCE_MS)
    await broken
  })

  it('goes on for as long as the server answers', async () => {
    const events = await listenTo({ ...ANSWERS, ping: [PONG, NEXT] })
    await events.next()
    for (let i = 0; i < 3; i++) {
      await vi.advanceTimersByTimeAsync(SILENCE_MS)
      expect((await events.next()).value).toEqual({ at: 1 })
    }
    await events.return(undefined)
  })
})

import { EventEmitter } from 'node:events'
import { buildSchema, type ExecutionResult, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { PacedSocket } from '../../../server/graphql/transport/paced-socket.ts'
import { createSharedSubscribe } from '../../../server/graphql/transport/shared-subscription.ts'

/** A socket that takes whatever it is given, and whose reader answers pings when the test says so. */
class SlowSocket extends EventEmitter {
  readonly OPEN = 1 as const
  readyState: 0 | 1 | 2 | 3 = 1
  readonly sent: string[] = []
  send(text: Buffer, _: object, done: () => void) {
    this.sent.push(text.toString())
    done()
  }
  ping() {
    this.sent.push('ping')
  }
  terminate() {
    this.readyState = 3
    this.emit('close')
  }
}

function open() {
  const clock = { nowMs: 0 }
  const socket = new SlowSocket()
  const paced = new PacedSocket(socket as never, 10, () => clock.nowMs)
  const send = (text: string) => paced.send(Buffer.from(text))
  /** Whether a stream could go on by now. */
  const isReady = async () => {
    let ready = false
    void paced.ready().then(() => (ready = true))
    for (let i = 0; i < 5; i++) await Promise.resolve()
    return ready
  }
  return { clock, socket, paced, send, isReady }
}

describe('a socket whose reader is slow', () => {
  it('asks by one ping behind an event how far its reader is, and not again before four times a second', async () => {
    const { clock, socket, send } = open()
    for (const text of ['a', 'b']) await send(text)
    socket.emit('pong', Buffer.from('read?'))
    clock.nowMs = 249
    await send('c')
    clock.nowMs = 250
    await send('d')
    expect(socket.sent).toEqual(['a', 'ping', 'b', 'c', 'd', 'ping'])
  })

  it('lets streams wait while an answer is due for half a second, and go on once it comes', async () => {
    const { clock, socket, paced, send, isReady } = open()
    await send('a')
    clock.nowMs = 499
    expect(await isReady()).toBe(true)
    clock.nowMs = 500
    expect(await isReady()).toBe(false)
    const ready = paced.ready()
    // The answer to a ping of somebody else says nothing of what was sent before ours.
    socket.emit('pong', Buffer.from(''))
    expect(await isReady()).toBe(false)
    socket.emit('pong', Buffer.from('read?'))
    expect(await ready).toBe(true)
    expect(await isReady()).toBe(true)
  })

  it('is let go where it answers nothing, and what waits with it', async () => {
    const { clock, socket, paced, send } = open()
    await send('a')
    clock.nowMs = 500
    expect(await paced.ready()).toBe(false)
    await send('b')
    expect(socket.sent).toEqual(['a', 'ping'])
  })

  it('that takes nothing any more ends its streams, which then follow nothing', async () => {
    let isFollowed = true
    const runEvents = () => ({
      next: async () => ({ value: { runEvents: 1 }, done: false }),
      async return() {
        isFollowed = false
        return { value: undefined, done: true }
      },
      [Symbol.asyncIterator]() {
        return this
      },
    })
    const stream = await createSharedSubscribe()({
      schema: buildSchema('type Query { one: Int } type Subscription { runEvents: Int }'),
      document: parse('subscription { runEvents }'),
      rootValue: { runEvents },
      reader: { ready: async () => true, send: () => Promise.reject(new Error('write EPIPE')) },
    })
    const { next } = stream as AsyncIterableIterator<ExecutionResult>
    expect(await next()).toEqual({ value: undefined, done: true })
    expect(isFollowed).toBe(false)
  })
})

import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endSlowBody, endStalledBody } from '../../../server/http/slow-bodies.ts'

let server: Server
let port: number
beforeAll(async () => {
  const app = express()
  app.use('/json', endSlowBody(600), express.json(), (request, response) => void response.json(request.body))
  app.use('/bytes', endStalledBody({ everyMs: 300, leastBytes: 2_000 }), async (request, response) => {
    let byteLength = 0
    for await (const chunk of request) byteLength += chunk.length
    response.json(byteLength)
  })
  server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => void server.close().closeAllConnections())

/** Sends a body piece by piece. @returns what came back until the connection ended, and after how long */
async function trickle(path: string, pieces: number, piece: string, everyMs: number) {
  const started = performance.now()
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  const type = path === '/json' ? 'application/json' : 'application/octet-stream'
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${pieces * piece.length}\r\n\r\n`,
  )
  const closed = once(socket, 'close')
  for (let i = 0; i < pieces && !socket.destroyed; i++) {
    socket.write(piece)
    await Promise.race([sleep(everyMs), closed])
  }
  await closed
  return { answer, tookMs: performance.now() - started }
}

describe('row 49: a body of JSON', () => {
  it('that comes a byte at a time is ended, however long it would take', async () => {
    const { answer, tookMs } = await trickle('/json', 1_000, ' ', 50)
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(answer).toContain('LIMIT_EXCEEDED')
    expect(tookMs).toBeLessThan(5_000)
  })

  it('that comes in time is read', async () => {
    const { answer } = await trickle('/json', 4, '1', 20)
    expect(answer).toMatch(/^HTTP\/1\.1 (200|400) /)
    const whole = await fetch(`http://127.0.0.1:${port}/json`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    })
    expect(await whole.json()).toEqual({ a: 1 })
  })
})

describe('row 49: a body of any length', () => {
  it('of which too little comes is ended', async () => {
    const { answer, tookMs } = await trickle('/bytes', 1_000, 'x', 50)
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(tookMs).toBeLessThan(5_000)
  })

  it('of which enough comes takes as long as it takes', async () => {
    const { answer, tookMs } = await trickle('/bytes', 30, 'x'.repeat(1_000), 50)
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(answer).toContain('30000')
    expect(tookMs).toBeGreaterThan(1_400)
  })
})

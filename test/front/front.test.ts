import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { openFront } from '../../web/front/open-front.ts'
import { Api, type Person, startTestServer, type TestServer } from '../server/test-server.ts'
import { apiAt } from './api-at.ts'

const MIB = 1024 * 1024
let server: TestServer
let ada: Person
/** Ada, through the front. */
let api: Api
let url: string
const open: Server[] = []

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  url = await listen(openFront(apiAt(server.url), { answer: (_, response) => response.end('a page') }))
  api = new Api(url, ada.api.headers)
})
afterAll(async () => {
  for (const each of open) each.close().closeAllConnections()
  await server.stop()
})

async function listen(each: Server): Promise<string> {
  open.push(each)
  await once(each.listen(0, '127.0.0.1'), 'listening')
  return `http://127.0.0.1:${(each.address() as AddressInfo).port}`
}

async function begin(byteLength: number): Promise<{ id: string; path: string }> {
  const input = { teamId: ada.teamId, fileName: 'pictures.zip', byteLength }
  const { upload } = await api.mutate('createUpload', input, 'upload { id url }')
  return { id: upload.id, path: new URL(upload.url).pathname }
}

const tus = (offset = 0) => ({
  ...ada.api.headers,
  'tus-resumable': '1.0.0',
  'content-type': 'application/offset+octet-stream',
  'upload-offset': String(offset),
})

/** A request whose body the test writes as it likes. */
function begun(origin: string, path: string, method: string, headers: Record<string, string>) {
  const sent = request(`${origin}${path}`, { method, headers }).on('error', () => {})
  const answered = once(sent, 'response').then(([answer]) => answer as IncomingMessage)
  answered.catch(() => {})
  sent.flushHeaders()
  return { sent, answered }
}

describe('row 55: a body through the pages’ port', () => {
  it('of any length arrives whole, in one request', async () => {
    const bytes = randomBytes(24 * MIB)
    const { id, path } = await begin(bytes.length)
    const answer = await fetch(`${url}${path}`, { method: 'PATCH', headers: tus(), body: bytes })
    expect([answer.status, answer.headers.get('upload-offset')]).toEqual([204, String(bytes.length)])
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const { upload, errors } = await api.mutate(
      'finalizeUpload',
      { uploadId: id, sha256 },
      'upload { sha256 }',
    )
    expect([upload, errors]).toEqual([{ sha256 }, []])
  })

  it('without a length arrives whole, too', async () => {
    const bytes = randomBytes(12 * MIB)
    const { path } = await begin(bytes.length)
    const { sent, answered } = begun(url, path, 'PATCH', tus())
    for (let start = 0; start < bytes.length; start += MIB) sent.write(bytes.subarray(start, start + MIB))
    sent.end()
    expect((await answered).headers['upload-offset']).toBe(String(bytes.length))
  })

  it('goes no faster than the API takes it', async () => {
    const stalled = await listen(createServer((incoming) => void incoming.pause()))
    const front = await listen(openFront(apiAt(stalled), { answer: () => {} }))
    const { sent } = begun(front, '/uploads/x', 'PATCH', { 'content-length': String(1024 * MIB) })
    const chunk = Buffer.alloc(MIB)
    let takenBytes = 0
    for (;;) {
      const taken = await Promise.race([
        new Promise<number>((resolve) => sent.write(chunk, () => resolve(chunk.length))),
        sleep(1_000, 0),
      ])
      if (taken === 0) break
      takenBytes += taken
      // What the kernel keeps for three sockets is some MiB.
      expect(takenBytes).toBeLessThan(64 * MIB)
    }
    sent.destroy()
  })

  it('that is cut off goes on where it stopped', async () => {
    const bytes = randomBytes(4 * MIB)
    const { path } = await begin(bytes.length)
    const { sent } = begun(url, path, 'PATCH', { ...tus(), 'content-length': String(bytes.length) })
    sent.write(bytes.subarray(0, 3 * MIB))
    await expect.poll(() => offsetOf(path)).toBeGreaterThan(2 * MIB)
    sent.destroy()
    const offset = await settledOffset(path)
    const rest = await fetch(`${url}${path}`, {
      method: 'PATCH',
      headers: tus(offset),
      body: bytes.subarray(offset),
    })
    expect([rest.status, rest.headers.get('upload-offset')]).toEqual([204, String(bytes.length)])
  })

  it.each(['front', 'API'])('row 27: of 50 MiB is refused by the %s before it is sent', async (which) => {
    const { sent, answered } = begun(which === 'API' ? server.url : url, '/graphql', 'POST', {
      ...ada.api.headers,
      'content-type': 'application/json',
      'content-length': String(50 * MIB),
    })
    sent.write('{')
    const answer = await answered
    expect(answer.statusCode).toBe(413)
    sent.destroy()
  })
})

async function offsetOf(path: string): Promise<number> {
  const answer = await fetch(`${url}${path}`, { method: 'HEAD', headers: tus() })
  return Number(answer.headers.get('upload-offset'))
}

/** The first request is over, and its lock released, once the offset stays. */
async function settledOffset(path: string): Promise<number> {
  let offset = -1
  await expect
    .poll(async () => {
      const before = offset
      offset = await offsetOf(path)
      await sleep(200)
      return offset === before
    })
    .toBe(true)
  return offset
}

describe('an answer through the pages’ port', () => {
  const longQuery = `{ ${Array.from({ length: 100 }, (_, i) => `unknown${i}`).join(' ')} }`

  it('is compressed where it is long and its reader can read it, and the same', async () => {
    const ask = (encoding: string) =>
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { ...ada.api.headers, 'content-type': 'application/json', 'accept-encoding': encoding },
        body: JSON.stringify({ query: longQuery }),
      })
    const [packed, plain] = [await ask('gzip'), await ask('identity')]
    expect([packed, plain].map(({ headers }) => headers.get('content-encoding'))).toEqual(['gzip', null])
    expect(packed.headers.get('vary')).toContain('Accept-Encoding')
    expect(await packed.json()).toEqual(await plain.json())
  })

  it('carries every cookie and status of the API', async () => {
    const body = JSON.stringify({ email: ada.account.email, password: ada.account.password })
    const headers = { 'content-type': 'application/json', origin: server.config.publicOrigin }
    const signedIn = await fetch(`${url}/api/auth/sign-in/email`, { method: 'POST', headers, body })
    expect([signedIn.status, signedIn.headers.getSetCookie().length > 0]).toEqual([200, true])
    expect((await fetch(`${url}/files/no-such`)).status).toBe(403)
  })

  it('comes to an old client that names no host', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write('GET /files/no-such HTTP/1.0\r\n\r\n')
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 403 /)
    socket.destroy()
  })

  it('says that the API is away where it is', async () => {
    const front = await listen(openFront(apiAt('http://127.0.0.1:9'), { answer: () => {} }))
    const answer = await fetch(`${front}/graphql`, { method: 'POST', body: '{}' })
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { code: 'UNAVAILABLE', message: expect.stringContaining('Try again') },
    ])
  })

  it('breaks off where the API’s does', async () => {
    const broken = createServer((_, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('half', () => response.destroy())
    })
    const front = await listen(openFront(apiAt(await listen(broken)), { answer: () => {} }))
    await expect(fetch(`${front}/files/x`).then((answer) => answer.text())).rejects.toThrow()
  })

  it.each(['/', '/graphiql', '/graphql/more', '/api', '/uploadsx', '/ada/files/1', '/sign-in?next=/files'])(
    'of %s is the pages’ own',
    async (path) => expect(await (await fetch(`${url}${path}`)).text()).toBe('a page'),
  )
})

describe('a WebSocket through the pages’ port', () => {
  const sockets: WebSocket[] = []
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.terminate()
  })
  const outcome = (path: string, headers: Record<string, string>) =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, 'graphql-transport-ws', { headers })
      sockets.push(socket)
      socket.on('open', () => resolve('open'))
      socket.on('unexpected-response', (_, answer) => resolve(String(answer.statusCode)))
      socket.on('error', () => resolve('error'))
    })

  it('brings what the API tells', async () => {
    for await (const { data } of api.socket().iterate({ query: '{ viewer { user { name } } }' })) {
      expect(data).toEqual({ viewer: { user: { name: 'Ada' } } })
      break
    }
  })

  it('is refused where the API refuses it, and where there is none', async () => {
    expect(await outcome('/graphql', { ...ada.api.headers, origin: 'https://evil.example' })).toBe('403')
    expect(await outcome('/ada', ada.api.headers)).toBe('error')
    expect(await outcome('/graphql', ada.api.headers)).toBe('open')
  })

  it('that is asked for and reset at once ends nothing but itself', async () => {
    const uncaught: Error[] = []
    const take = (error: Error) => uncaught.push(error)
    process.on('uncaughtException', take)
    for (const path of ['/graphql', '/ada', '/uploads/x'])
      for (let i = 0; i < 20; i++) {
        const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {})
        socket.write(
          `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
          () => setTimeout(() => socket.resetAndDestroy(), Math.random() * 5),
        )
        await once(socket, 'close')
      }
    await sleep(200)
    process.off('uncaughtException', take)
    expect(uncaught).toEqual([])
  })
})

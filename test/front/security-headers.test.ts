import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterAll, describe, expect, it } from 'vitest'
import { openFront } from '../../web/front/open-front.ts'
import { apiAt } from './api-at.ts'

const open: Server[] = []
afterAll(() => {
  for (const each of open) each.close().closeAllConnections()
})

async function listen(server: Server): Promise<string> {
  open.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A front before an API that answers in such a way. */
async function frontOf(api: RequestListener): Promise<string> {
  const apiOrigin = await listen(createServer(api))
  return listen(openFront(apiAt(apiOrigin), { answer: (_, response) => response.end('a page') }))
}

it.each([
  ['a page', '/ada/runs'],
  ['an answer of the API', '/graphql'],
  ['a file', '/files/models/1'],
])('%s may not be framed, sniffed or made to run what comes from elsewhere', async (_, path) => {
  const front = await frontOf((_request, response) => response.end('{}'))
  const { headers } = await fetch(`${front}${path}`)
  expect(headers.get('content-security-policy')).toMatch(/default-src 'self'.*frame-ancestors 'none'/)
  expect(headers.get('content-security-policy')).not.toContain("'unsafe-eval'")
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('x-frame-options')).toBe('DENY')
  expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin')
})

describe('/graphql', () => {
  const asked: [string, RequestInit, string][] = [
    ['a browser that is led there', { headers: { accept: 'text/html,*/*;q=0.8' } }, 'a page'],
    ['Next, on its way there', { headers: { rsc: '1' } }, 'a page'],
    ['a client', { headers: { accept: 'application/json' } }, '{}'],
    [
      'a program that takes HTML, too',
      { headers: { accept: 'text/html, */*', 'apollo-require-preflight': '1' } },
      '{}',
    ],
    ['a form that posts there', { method: 'POST', headers: { accept: 'text/html' } }, '{}'],
  ]
  it.each(asked)('answers %s', async (_, init, expected) => {
    const front = await frontOf((_request, response) => response.end('{}'))
    expect(await (await fetch(`${front}/graphql?query=x`, init)).text()).toBe(expected)
  })
})

it('so is the answer where the API is away', async () => {
  const front = await listen(openFront(apiAt('http://127.0.0.1:9'), { answer: () => {} }))
  const { status, headers } = await fetch(`${front}/graphql`)
  expect(status).toBe(503)
  expect(headers.get('x-frame-options')).toBe('DENY')
})

it('what the API says of its own answer is kept, and said once', async () => {
  const policy = "default-src 'none'; sandbox"
  const front = await frontOf((_request, response) => {
    response.setHeader('Content-Security-Policy', policy).end('<svg/>')
  })
  const { headers } = await fetch(`${front}/pictures/1`)
  expect(headers.get('content-security-policy')).toBe(policy)
})

it('shared pages are for no search engine, and what they lead to learns no link', async () => {
  const front = await frontOf((_request, response) => response.end('{}'))
  for (const path of ['/shared/a', '/shared/a/opengraph-image?1']) {
    const { headers } = await fetch(`${front}${path}`)
    expect(headers.get('x-robots-tag')).toBe('noindex, nofollow, noarchive')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  }
  expect((await fetch(`${front}/ada/shared`)).headers.get('x-robots-tag')).toBeNull()
})

const FOR_WHOM = ['x-client-address', 'x-front-secret']
it('a page learns where the API is from us, and never from the client', async () => {
  const pages = {
    answer: ({ headers }: IncomingMessage, response: ServerResponse) =>
      void response.end(
        ['x-api-origin', 'x-public-origin', ...FOR_WHOM].map((name) => headers[name]).join(' '),
      ),
  }
  const front = await listen(openFront(apiAt('http://127.0.0.1:9'), pages))
  const headers = {
    ...{ 'x-api-origin': 'http://inner.example', 'x-public-origin': 'http://other.example' },
    ...{ 'x-client-address': '192.0.2.1', 'x-front-secret': 'guessed' },
  }
  const answer = await fetch(`${front}/shared/a`, { headers })
  expect(await answer.text()).toBe('http://127.0.0.1:9 http://localhost:3000 127.0.0.1 ')
})

describe('the scripts of a page', () => {
  const policyOf = async (isSecure = false) => {
    let given: string | undefined
    const pages = {
      answer: (request: IncomingMessage, response: ServerResponse) => {
        given = String(request.headers['x-nonce'])
        response.end(String(request.headers['content-security-policy']))
      },
    }
    const front = await listen(
      openFront(apiAt('http://127.0.0.1:9'), pages, { isSecure, publicOrigin: 'http://localhost:3000' }),
    )
    const headers = { 'x-nonce': 'chosen', 'content-security-policy': "script-src 'nonce-chosen'" }
    const answer = await fetch(`${front}/ada`, { headers })
    const policy = answer.headers.get('content-security-policy') ?? ''
    return { policy, told: await answer.text(), given, headers: answer.headers }
  }

  it('row 48: run by a nonce that is new for each, told to Next, and never chosen by the client', async () => {
    const [one, other] = [await policyOf(), await policyOf()]
    expect(one.policy).toMatch(/script-src 'self' 'nonce-[A-Za-z0-9+/]{22}==' 'wasm-unsafe-eval';/)
    expect(one.policy.split(';').find((part) => part.includes('script-src'))).not.toContain('unsafe-inline')
    expect(one.told).toBe(one.policy)
    expect(one.policy).toContain(`'nonce-${one.given}'`)
    expect(one.policy).not.toBe(other.policy)
  })

  it('come by https alone once the product does', async () => {
    expect((await policyOf(true)).headers.get('strict-transport-security')).toBe('max-age=63072000')
    expect((await policyOf(false)).headers.get('strict-transport-security')).toBeNull()
  })
})

it('a body that nobody reads ends its connection when the page is answered', async () => {
  const front = await listen(
    openFront(apiAt('http://127.0.0.1:9'), { answer: (_, response) => response.end('a page') }),
  )
  const socket = connect(Number(new URL(front).port), '127.0.0.1').on('error', () => {})
  socket.write('POST /ada HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n{')
  await once(socket.resume(), 'close')
})

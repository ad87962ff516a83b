import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, it } from 'vitest'
import { openFront } from '../../web/front/open-front.ts'

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
  return listen(openFront(apiOrigin, { answer: (_, response) => response.end('a page') }))
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

it('so is the answer where the API is away', async () => {
  const front = await listen(openFront('http://127.0.0.1:9', { answer: () => {} }))
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

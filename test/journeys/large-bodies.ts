import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Visit } from './visit.ts'

const MIB = 1024 * 1024
const UPLOAD_BYTES = 200 * MIB

/** What ordinary clients send through the pages' port; to be called after the first run, with its person signed in. */
export function sendLargeBodies(visit: Visit): void {
  async function ask(query: string, variables: object) {
    const answer = await visit.page.request.post('/graphql', {
      headers: { 'content-type': 'application/json', origin: visit.product.origin },
      data: { query, variables },
    })
    return (await answer.json()).data
  }
  const readCookies = async () =>
    (await visit.page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')

  test('an upload of 200 MiB in one request arrives, and passes through in pieces', async () => {
    const { viewer } = await ask('{ viewer { teams { id } } }', {})
    const input = { teamId: viewer.teams[0].id, fileName: 'large.zip', byteLength: UPLOAD_BYTES }
    const { createUpload } = await ask(
      'mutation ($input: CreateUploadInput!) { createUpload(input: $input) { upload { url } } }',
      { input },
    )
    const before = await visit.product.peakOfPagesBytes()
    const answer = await fetch(`${visit.product.origin}${createUpload.upload.url}`, {
      method: 'PATCH',
      headers: {
        cookie: await readCookies(),
        'tus-resumable': '1.0.0',
        'content-type': 'application/offset+octet-stream',
        'upload-offset': '0',
      },
      body: ReadableStream.from(chunksOf(UPLOAD_BYTES)),
      duplex: 'half',
    } as RequestInit)
    expect([answer.status, answer.headers.get('upload-offset')]).toEqual([204, String(UPLOAD_BYTES)])
    expect((await visit.product.peakOfPagesBytes()) - before).toBeLessThan(100 * MIB)
  })

  test('50 MiB of JSON are refused at once', async () => {
    const started = performance.now()
    const answer = await fetch(`${visit.product.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'x'.repeat(50 * MIB) }),
    })
    expect([answer.status, await answer.json()]).toEqual([
      413,
      { code: 'LIMIT_EXCEEDED', message: expect.stringContaining('1 MiB') },
    ])
    expect(performance.now() - started).toBeLessThan(15_000)
  })
}

function* chunksOf(byteLength: number): Generator<Uint8Array> {
  const chunk = randomBytes(MIB)
  for (let sent = 0; sent < byteLength; sent += chunk.length) yield chunk
}

import { randomBytes } from 'node:crypto'
import { expect } from '@playwright/test'
import { ask } from './ada.ts'
import { test } from './fixtures.ts'
import { peakBytes, productFromEnvironment } from './product.ts'

const MIB = 1024 * 1024
const UPLOAD_BYTES = 200 * MIB

interface Viewer {
  viewer: { teams: { id: string }[] }
}
interface CreatedUpload {
  createUpload: { upload: { url: string } }
}

// What ordinary clients send through the pages' port.
test.describe('A large body', () => {
  test('an upload of 200 MiB in one request arrives, and passes through in pieces', async ({ ada }) => {
    const { origin, pagesPid } = productFromEnvironment()
    const { viewer } = await ask<Viewer>(ada, '{ viewer { teams { id } } }')
    const input = { teamId: viewer.teams[0]?.id, fileName: 'large.zip', byteLength: UPLOAD_BYTES }
    const { createUpload } = await ask<CreatedUpload>(
      ada,
      'mutation ($input: CreateUploadInput!) { createUpload(input: $input) { upload { url } } }',
      { input },
    )
    const before = await peakBytes(pagesPid)
    const answer = await fetch(new URL(new URL(createUpload.upload.url).pathname, origin), {
      method: 'PATCH',
      headers: {
        cookie: (await ada.storageState()).cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
        'tus-resumable': '1.0.0',
        'content-type': 'application/offset+octet-stream',
        'upload-offset': '0',
      },
      body: ReadableStream.from(chunksOf(UPLOAD_BYTES)),
      duplex: 'half',
    } as RequestInit)
    expect([answer.status, answer.headers.get('upload-offset')]).toEqual([204, String(UPLOAD_BYTES)])
    expect((await peakBytes(pagesPid)) - before).toBeLessThan(100 * MIB)
  })

  test('50 MiB of JSON are refused at once', async () => {
    const started = performance.now()
    const answer = await fetch(`${productFromEnvironment().origin}/graphql`, {
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
})

function* chunksOf(byteLength: number): Generator<Uint8Array> {
  const chunk = randomBytes(MIB)
  for (let sent = 0; sent < byteLength; sent += chunk.length) yield chunk
}

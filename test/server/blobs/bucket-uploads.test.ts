import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { BucketUploads } from '../../../server/blobs/bucket-uploads.ts'

let server: Server | undefined
beforeAll(() => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'somebody', AWS_SECRET_ACCESS_KEY: 'of-this-test-alone' })
})
afterEach(() => server?.close().closeAllConnections())

/** Uploads in a bucket that answers so, and what it was asked. */
async function uploadsOf(answer: RequestListener) {
  const asked: string[] = []
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url?.replace(/\?.*$/, '')}`)
    answer(request, response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const place = { kind: 's3', bucket: 'b', region: 'us-east-1', endpoint, cacheFolder: '', cacheMaxBytes: 0 }
  return { asked, uploads: new BucketUploads(place as ConstructorParameters<typeof BucketUploads>[0]) }
}

it('an upload is not begun again, nor empty, while the bucket does not answer', async () => {
  const { asked, uploads } = await uploadsOf((_, response) => response.writeHead(403).end())
  const id = newId('Upload')
  await expect(uploads.receivedBytes(id)).rejects.toThrow()
  await expect(uploads.prepare(id, 10)).rejects.toThrow()
  expect(asked.filter((line) => !/^(GET|HEAD) /.test(line))).toEqual([])
})

it('nor where its note is there and could not be read', async () => {
  const { asked, uploads } = await uploadsOf((request, response) =>
    response.writeHead(request.method === 'HEAD' ? 200 : 403).end(),
  )
  await expect(uploads.prepare(newId('Upload'), 10)).rejects.toThrow('did not tell what has arrived')
  expect(asked.filter((line) => !/^(GET|HEAD) /.test(line))).toEqual([])
})

it('what the bucket knows nothing of is empty', async () => {
  const { uploads } = await uploadsOf((_, response) => response.writeHead(404).end())
  expect(await uploads.receivedBytes(newId('Upload'))).toBe(0)
})

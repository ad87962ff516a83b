import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { HeadObjectCommand, ListObjectsV2Command, UploadPartCommand } from '@aws-sdk/client-s3'
import { Upload } from 'tus-js-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLog } from '../../logging/open-log.ts'
import { openPartialUploads } from '../../server/blobs/open-partial-uploads.ts'
import type { ServerConfig } from '../../server/config.ts'
import { collectLeftParts } from '../../server/use-cases/uploads/collect-left-parts.ts'
import { type S3Server, startS3Server } from '../storage/s3-server.ts'
import { Api, type Person, startTestServer, type TestServer } from './test-server.ts'

const MIB = 1024 * 1024
/** More than one part of a multipart upload, and not a whole number of them. */
const BYTES = randomBytes(11 * MIB + 4321)
const SHA256 = createHash('sha256').update(BYTES).digest('hex')
const FIELDS = 'upload { id url receivedBytes sha256 }'

let s3: S3Server
let cacheFolder: string
beforeAll(async () => {
  s3 = await startS3Server()
  cacheFolder = await mkdtemp(path.join(tmpdir(), 'two-servers-'))
})
afterAll(async () => {
  await s3?.stop()
  await rm(cacheFolder, { recursive: true, force: true })
})

describe.each<[string, () => Partial<ServerConfig>]>([
  ['a shared folder', () => ({})],
  [
    'a bucket',
    () => ({
      storage: {
        ...s3,
        kind: 's3',
        cacheFolder,
        cacheMaxBytes: 0,
      },
    }),
  ],
])('two servers with one database and %s', (place, storageOf) => {
  let first: TestServer
  let second: TestServer
  let ada: Person
  /** Ada, at the other server. */
  let elsewhere: Api
  beforeAll(async () => {
    first = await startTestServer(storageOf())
    const { databaseUrl, config } = first
    second = await startTestServer({ databaseUrl, storage: config.storage, authSecret: config.authSecret })
    ada = await first.signUp()
    elsewhere = new Api(second.url, ada.api.headers)
  })
  afterAll(async () => {
    await second?.stop()
    await first?.stop()
  })

  async function begin(): Promise<{ id: string; at: (server: TestServer) => string }> {
    const input = { teamId: ada.teamId, fileName: 'images.zip', byteLength: BYTES.length }
    const { upload } = await ada.api.mutate('createUpload', input, FIELDS)
    return { id: upload.id, at: (server) => server.at(upload.url) }
  }

  const finalize = (api: Api, uploadId: string, sha256 = SHA256) =>
    api.mutate('finalizeUpload', { uploadId, sha256 }, FIELDS)

  /** Sends in pieces from where it stands, as clients do. @returns where each piece began */
  function send(uploadUrl: string, until: number, chunkSize = 3 * MIB): Promise<number[]> {
    const begun: number[] = []
    return new Promise((resolve, reject) => {
      const client: Upload = new Upload(BYTES, {
        uploadUrl,
        headers: ada.api.headers,
        chunkSize,
        retryDelays: [],
        onError: reject,
        onBeforeRequest: (asked) => {
          const offset = asked.getHeader('Upload-Offset')
          if (offset !== undefined) begun.push(Number(offset))
        },
        onChunkComplete: (_, sent) => {
          if (sent >= until && sent < BYTES.length) void client.abort().then(() => resolve(begun), reject)
        },
        onSuccess: () => resolve(begun),
      })
      client.start()
    })
  }

  async function offsetAt(url: string): Promise<number> {
    const headers = { ...ada.api.headers, 'tus-resumable': '1.0.0' }
    const response = await fetch(url, { method: 'HEAD', headers })
    return Number(response.headers.get('upload-offset'))
  }

  it('an upload that one received in part goes on at the other', async () => {
    const { id, at } = await begin()
    await send(at(first), 7 * MIB)
    const arrived = await offsetAt(at(second))
    expect(arrived).toBeGreaterThanOrEqual(7 * MIB)
    const [goesOnFrom] = await send(at(second), BYTES.length)
    expect(goesOnFrom).toBe(arrived)
    const { upload, errors } = await finalize(ada.api, id)
    expect(errors).toEqual([])
    expect(upload).toMatchObject({ sha256: SHA256, url: null, receivedBytes: BYTES.length })
    expect(await first.storage.byteLength(SHA256)).toBe(BYTES.length)
  })

  it('finalized at both at once, by both of its hashes, it gives one answer, and begins again where that is no', async () => {
    const { id, at } = await begin()
    const wrong = 'c'.repeat(64)
    await send(at(first), 3 * MIB)
    await send(at(second), BYTES.length, BYTES.length)
    expect((await finalize(elsewhere, id, wrong)).errors[0].code).toBe('HASH_MISMATCH')
    expect(await offsetAt(at(first))).toBe(0)
    await send(at(first), BYTES.length)
    const answers = await Promise.all([
      finalize(ada.api, id),
      finalize(elsewhere, id),
      finalize(elsewhere, id),
    ])
    for (const { upload, errors } of answers) {
      expect(errors).toEqual([])
      expect(upload).toMatchObject({ id, sha256: SHA256 })
    }
  })

  it('a request that hangs at one gives way to one that comes to the other, and loses nothing', async () => {
    const { id, at } = await begin()
    const hanging = request(at(first), {
      method: 'PATCH',
      headers: {
        ...ada.api.headers,
        'tus-resumable': '1.0.0',
        'content-type': 'application/offset+octet-stream',
        'upload-offset': '0',
        'content-length': String(BYTES.length),
      },
    })
    hanging.on('error', () => {})
    hanging.write(BYTES.subarray(0, 2 * MIB))
    const holder = async () => (await first.database.upload.findUniqueOrThrow({ where: { id } })).turnHolder
    await expect.poll(holder).not.toBeNull()
    await sleep(200)
    expect(await offsetAt(at(second))).toBe(2 * MIB)
    const [goesOnFrom] = await send(at(second), BYTES.length)
    expect(goesOnFrom).toBe(2 * MIB)
    hanging.destroy()
    expect((await finalize(elsewhere, id)).errors).toEqual([])
  })

  it('what a server held when it died is anybody’s once its turn has lapsed', async () => {
    const { id, at } = await begin()
    await send(at(first), 3 * MIB)
    const turn = { turnHolder: 'a server that died', turnUntil: new Date(Date.now() + 1_500) }
    await first.database.upload.update({ where: { id }, data: turn })
    await send(at(second), BYTES.length)
    expect((await finalize(elsewhere, id)).errors).toEqual([])
  })

  const ofBuckets = place === 'a bucket' ? it : () => {}
  ofBuckets('bytes that came whole to a server that died then are put together', async () => {
    const { id, at } = await begin()
    expect(await offsetAt(at(first))).toBe(0)
    const Key = `uploads/${id}`
    const { Metadata } = await s3.client.send(
      new HeadObjectCommand({ Bucket: s3.bucket, Key: `${Key}.info` }),
    )
    const part = { Bucket: s3.bucket, Key, UploadId: Metadata?.['upload-id'], PartNumber: 1, Body: BYTES }
    await s3.client.send(new UploadPartCommand(part))
    expect(await offsetAt(at(second))).toBe(BYTES.length)
    expect((await finalize(elsewhere, id)).errors).toEqual([])
  })

  it('a request that waits while the upload is canceled leaves nothing behind', async () => {
    const { id, at } = await begin()
    const turn = { turnHolder: 'somebody who cancels', turnUntil: new Date(Date.now() + 60_000) }
    await first.database.upload.update({ where: { id }, data: turn })
    const late = send(at(first), BYTES.length).catch((error: Error) => error.message)
    const isWanted = async () =>
      (await first.database.upload.findUniqueOrThrow({ where: { id } })).isTurnWanted
    await expect.poll(isWanted).toBe(true)
    await first.database.upload.delete({ where: { id } })
    expect(await late).toMatch(/404/)
  })

  it('what could not be removed of an upload that is final or gone is removed a day later', async () => {
    const { database, config } = first
    const uploads = await openPartialUploads(config.storage)
    const [open, final, gone] = await Promise.all([begin(), begin(), begin()])
    const ids = [open, final, gone].map(({ id }) => id)
    for (const id of ids) await uploads.prepare(id, BYTES.length)
    const ended = { status: 'FINALIZED', sha256: SHA256, finalizedAt: new Date() } as const
    await database.upload.update({ where: { id: final.id }, data: ended })
    await database.upload.delete({ where: { id: gone.id } })
    const listed = async () => {
      const found: string[] = []
      for await (const { uploadId } of uploads.list()) if (ids.includes(uploadId)) found.push(uploadId)
      return found.sort()
    }
    const log = openLog('server', 'silent')
    const inHours = (hours: number) => Date.now() + hours * 3_600_000
    expect(await collectLeftParts({ database, uploads, log }, inHours(23))).toBe(0)
    expect(await listed()).toEqual(ids.toSorted())
    await collectLeftParts({ database, uploads, log }, inHours(25))
    expect(await listed()).toEqual([open.id])
    await ada.api.mutate('cancelUpload', { uploadId: open.id })
  })

  it('nothing is left of what is canceled or finalized', async () => {
    const { id, at } = await begin()
    await send(at(first), 7 * MIB)
    expect((await elsewhere.mutate('cancelUpload', { uploadId: id })).errors).toEqual([])
    if (place !== 'a bucket') return expect(await readdir(first.uploadsFolder)).toEqual([])
    const { Contents = [] } = await s3.client.send(
      new ListObjectsV2Command({ Bucket: s3.bucket, Prefix: 'uploads/' }),
    )
    expect(Contents).toEqual([])
  })

  it('who looks at a team at one sees what somebody does at the other', async () => {
    const changes = elsewhere.listen('subscription ($id: ID!) { teamChanged(teamId: $id) { name } }', {
      id: ada.teamId,
    })
    const seen = changes.next()
    let isSeen = false
    void seen.finally(() => {
      isSeen = true
    })
    // Again until the subscription is there to hear it.
    for (let nth = 0; !isSeen; nth++) {
      await ada.api.mutate('renameTeam', { teamId: ada.teamId, name: `Seen from afar ${nth}` })
      await sleep(100)
    }
    expect((await seen).value?.data?.teamChanged.name).toMatch(/^Seen from afar/)
    await changes.return(undefined)
  })
})

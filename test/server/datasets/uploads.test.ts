import { createHash, randomBytes } from 'node:crypto'
import { readFile, rm, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Upload } from 'tus-js-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPartialUploads } from '../../../server/blobs/open-partial-uploads.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'
import { BYTES, collectAbandoned, SHA256, uploading } from './uploading.ts'

let server: TestServer
let ada: Person
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
})
afterAll(() => server.stop())

const { begin, finalize, patch, offsetOf, receivedBytes } = uploading(() => ({ server, ada }))

describe('an upload', () => {
  it('that is cut off goes on where it stopped', async () => {
    const { id, url } = await begin()
    await new Promise<void>((resolve, reject) => {
      const client: Upload = new Upload(BYTES, {
        uploadUrl: url,
        headers: ada.api.headers,
        chunkSize: 100_000,
        retryDelays: [],
        onError: reject,
        onChunkComplete: () => void client.abort().then(resolve, reject),
      })
      client.start()
    })
    const arrived = await receivedBytes(id)
    expect(arrived).toBeGreaterThanOrEqual(100_000)
    expect(arrived).toBeLessThan(BYTES.length)

    const sentFrom: number[] = []
    await new Promise<void>((resolve, reject) => {
      new Upload(BYTES, {
        uploadUrl: url,
        headers: ada.api.headers,
        onBeforeRequest: (request) => {
          const offset = request.getHeader('Upload-Offset')
          if (offset !== undefined) sentFrom.push(Number(offset))
        },
        onSuccess: () => resolve(),
        onError: reject,
      }).start()
    })
    expect(sentFrom).toEqual([arrived])
    const { upload, errors } = await finalize(id)
    expect(errors).toEqual([])
    expect(upload).toMatchObject({ sha256: SHA256, url: null, receivedBytes: BYTES.length })
    expect(await server.storage.byteLength(SHA256)).toBe(BYTES.length)
  })

  it('cut at any byte goes on from it', async () => {
    const { id, url } = await begin()
    for (const cut of [1, 2, 511, 512, 65_535, 65_537, 131_072, 299_999, BYTES.length]) {
      const offset = await offsetOf(url)
      expect((await patch(url, offset, BYTES.subarray(offset, cut))).status).toBe(204)
      expect(await offsetOf(url)).toBe(cut)
    }
    expect((await finalize(id)).upload).toMatchObject({ sha256: SHA256 })
  })

  it('says how many bytes are missing when it is finalized too early', async () => {
    const { id, url } = await begin()
    expect((await finalize(id)).errors[0].message).toMatch(/^0 of 300000 bytes/)
    await patch(url, 0, BYTES.subarray(0, 1000))
    const { upload, errors } = await finalize(id)
    expect(upload).toBeNull()
    expect(errors[0]).toMatchObject({ code: 'UPLOAD_INCOMPLETE', path: ['uploadId'] })
    expect(errors[0].message).toMatch(/^1000 of 300000 bytes/)
  })

  it('with a wrong hash is refused, keeps nothing, and may begin again', async () => {
    const wrong = randomBytes(BYTES.length)
    const wrongHash = createHash('sha256').update(wrong).digest('hex')
    const { id, url } = await begin()
    await patch(url, 0, wrong)
    const { upload, errors } = await finalize(id)
    expect(upload).toBeNull()
    expect(errors[0]).toMatchObject({ code: 'HASH_MISMATCH', path: ['sha256'] })
    expect(errors[0].message).toContain(wrongHash)
    expect(await server.storage.has(wrongHash)).toBe(false)
    expect(await offsetOf(url)).toBe(0)
    expect((await patch(url, 0, BYTES)).status).toBe(204)
    expect((await finalize(id)).errors).toEqual([])
  })

  it('takes no more bytes than it announced', async () => {
    const { id, url } = await begin(1000)
    const response = await patch(url, 0, BYTES)
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(await receivedBytes(id)).toBeLessThanOrEqual(1000)
  })

  it('row 47: takes no bytes at a wrong place', async () => {
    const { url } = await begin()
    await patch(url, 0, BYTES.subarray(0, 1000))
    expect((await patch(url, 500, BYTES.subarray(500, 1500))).status).toBe(409)
    expect((await patch(url, 2000, BYTES.subarray(2000))).status).toBe(409)
    expect(await offsetOf(url)).toBe(1000)
  })

  it('finalized twice, even at once, gives the same answer', async () => {
    const { id, url } = await begin()
    await patch(url, 0, BYTES)
    const answers = await Promise.all([finalize(id), finalize(id)])
    answers.push(await finalize(id))
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(answers[0].errors).toEqual([])
    expect((await finalize(id, 'c'.repeat(64))).errors[0].code).toBe('HASH_MISMATCH')
    expect((await patch(url, BYTES.length, Buffer.from('more'))).status).toBe(410)
  })

  it('row 52: finalized by three who ask one after the other, each before the last has its answer, gives the same answer', async () => {
    const bytes = randomBytes(24 * 1024 * 1024)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    for (const apartMs of [5, 15, 40]) {
      const { id, url } = await begin(bytes.length)
      await patch(url, 0, bytes)
      const answers = await Promise.all(
        [0, 1, 2].map(async (nth) => {
          await sleep(nth * apartMs)
          return finalize(id, sha256)
        }),
      )
      expect(answers[0]).toMatchObject({ errors: [], upload: { id, sha256, url: null } })
      for (const answer of answers) expect(answer).toEqual(answers[0])
    }
  })

  it('finalized with the right hash and a wrong one at once is kept or begins again, and each is told', async () => {
    for (const wrongFirst of [false, true]) {
      const { id, url } = await begin()
      await patch(url, 0, BYTES)
      const hashes = wrongFirst ? ['c'.repeat(64), SHA256] : [SHA256, 'c'.repeat(64)]
      const answers = await Promise.all(hashes.map((sha256) => finalize(id, sha256)))
      const codes = answers.map(({ errors }) => errors[0]?.code ?? 'KEPT').sort()
      expect([
        ['HASH_MISMATCH', 'KEPT'],
        ['HASH_MISMATCH', 'UPLOAD_INCOMPLETE'],
      ]).toContainEqual(codes)
    }
  })

  it('cannot be made, ended or read by tus itself', async () => {
    const { url } = await begin()
    const headers = { ...ada.api.headers, 'tus-resumable': '1.0.0', 'upload-length': '5' }
    for (const method of ['POST', 'DELETE', 'GET', 'OPTIONS']) {
      expect([method, (await fetch(url, { method, headers })).status]).toEqual([method, 405])
    }
    expect((await fetch(`${server.url}/uploads`, { method: 'POST', headers })).status).toBe(404)
    expect((await fetch(`${server.url}/uploads/..%2f..%2fsecret`, { method: 'HEAD', headers })).status).toBe(
      404,
    )
  })

  it.each([
    [{ byteLength: 0 }, 'byteLength'],
    [{ byteLength: 5 * 1024 ** 3 + 1 }, 'byteLength'],
    [{ fileName: '' }, 'fileName'],
    [{ fileName: 'a\u0000b' }, 'fileName'],
    [{ fileName: 'x'.repeat(4096) }, 'fileName'],
  ])('of %o is refused by name', async (wrong, field) => {
    const input = { teamId: ada.teamId, fileName: 'a.zip', byteLength: 10, ...wrong }
    const { errors } = await ada.api.mutate('createUpload', input)
    expect(errors[0]).toMatchObject({ code: 'INVALID_INPUT', path: [field] })
  })

  it('whose note cannot be read for a moment keeps what has arrived', async () => {
    const { id, url } = await begin()
    await patch(url, 0, BYTES.subarray(0, 1000))
    const note = path.join(server.uploadsFolder, `${id}.json`)
    const said = await readFile(note)
    await writeFile(note, 'no note')
    expect((await patch(url, 0, BYTES)).status).toBe(500)
    await writeFile(note, said)
    expect(await offsetOf(url)).toBe(1000)
    expect((await patch(url, 1000, BYTES.subarray(1000))).status).toBe(204)
    expect((await finalize(id)).errors).toEqual([])
  })

  it('row 47: abandoned for a day is collected with its bytes, and a younger one is not', async () => {
    const old = await begin()
    const young = await begin()
    await patch(old.url, 0, BYTES.subarray(0, 10))
    const createdAt = new Date(Date.now() - 25 * 60 * 60 * 1000)
    await server.database.upload.update({ where: { id: old.id }, data: { createdAt } })
    const uploads = await openPartialUploads(server.config.storage)
    await collectAbandoned(server)
    expect(await server.database.upload.count({ where: { id: { in: [old.id, young.id] } } })).toBe(1)
    expect(await uploads.receivedBytes(old.id)).toBe(0)
  })
})

describe('row 54: an upload of more than 2 GiB', () => {
  const countOf = async () => {
    const { uploadedBytes } = await server.database.team.findUniqueOrThrow({ where: { id: ada.teamId } })
    return Number(uploadedBytes)
  }

  it.each([2 * 1024 ** 3 - 1, 2 * 1024 ** 3, 5 * 1024 ** 3])(
    'begins at %i bytes, counts, and counts no more once it is dropped',
    async (byteLength) => {
      const before = await countOf()
      const { id } = await begin(byteLength)
      expect(await countOf()).toBe(before + byteLength)
      const createdAt = new Date(Date.now() - 25 * 60 * 60 * 1000)
      await server.database.upload.update({ where: { id }, data: { createdAt } })
      await collectAbandoned(server)
      expect(await countOf()).toBe(before)
    },
  )

  it('takes bytes beyond the second GiB', async () => {
    const byteLength = 2 * 1024 ** 3 + BYTES.length
    const { id, url } = await begin(byteLength)
    // As if two GiB of zeros had come; a hole of a sparse file takes no room.
    expect((await patch(url, 0, BYTES)).status).toBe(204)
    await truncate(path.join(server.uploadsFolder, id), 2 * 1024 ** 3)
    expect(await offsetOf(url)).toBe(2 * 1024 ** 3)
    expect((await patch(url, 2 * 1024 ** 3, BYTES)).status).toBe(204)
    expect(await receivedBytes(id)).toBe(byteLength)
    await rm(path.join(server.uploadsFolder, id))
  })
})

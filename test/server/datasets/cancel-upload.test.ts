import { appendFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPartialUploads } from '../../../server/blobs/open-partial-uploads.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'
import { BYTES, collectAbandoned, uploading } from './uploading.ts'

let server: TestServer
let ada: Person
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
})
afterAll(() => server.stop())

const { begin, finalize, offsetOf, patch } = uploading(() => ({ server, ada }))

describe('an upload', () => {
  it('of which nothing has come in an hour is collected, and one of which something has is not', async () => {
    const [unsent, begun] = [await begin(), await begin()]
    await patch(begun.url, 0, BYTES.subarray(0, 1))
    const ids = [unsent.id, begun.id]
    const age = async (minutes: number) => {
      const createdAt = new Date(Date.now() - minutes * 60_000)
      await server.database.upload.updateMany({ where: { id: { in: ids } }, data: { createdAt } })
      await collectAbandoned(server)
      return (await server.database.upload.findMany({ where: { id: { in: ids } } })).map(({ id }) => id)
    }
    expect((await age(59)).length).toBe(2)
    expect(await age(61)).toEqual([begun.id])
  })

  it('whose first bytes come while it is about to be collected goes on', async () => {
    const { id, url } = await begin()
    expect(await offsetOf(url)).toBe(0)
    const createdAt = new Date(Date.now() - 61 * 60_000)
    const turn = { turnHolder: 'who sends them', turnUntil: new Date(Date.now() + 60_000) }
    await server.database.upload.update({ where: { id }, data: { createdAt, ...turn } })
    const collecting = collectAbandoned(server)
    const row = () => server.database.upload.findUniqueOrThrow({ where: { id } })
    await expect.poll(async () => (await row()).isTurnWanted).toBe(true)
    await appendFile(path.join(server.uploadsFolder, id), BYTES.subarray(0, 1))
    const ended = { turnHolder: null, turnUntil: null, isTurnWanted: false }
    await server.database.upload.update({ where: { id }, data: ended })
    await collecting
    expect((await row()).status).toBe('OPEN')
    expect(await offsetOf(url)).toBe(1)
  })

  it('that is canceled is gone with its bytes, and counts no more', async () => {
    const { uploadedBytes } = await server.database.team.findUniqueOrThrow({ where: { id: ada.teamId } })
    const { id, url } = await begin()
    await patch(url, 0, BYTES.subarray(0, 1000))
    const cancel = () => ada.api.mutate('cancelUpload', { uploadId: id }, 'deletedId')
    expect(await cancel()).toEqual({ deletedId: id, errors: [] })
    expect((await cancel()).errors[0].code).toBe('NOT_FOUND')
    expect((await patch(url, 1000, BYTES.subarray(1000))).status).toBe(404)
    const uploads = await openPartialUploads(server.config.storage)
    expect(await uploads.receivedBytes(id)).toBe(0)
    const team = await server.database.team.findUniqueOrThrow({ where: { id: ada.teamId } })
    expect(team.uploadedBytes).toBe(uploadedBytes)
  })

  it('that is canceled many times at once, while it is finalized, is one or the other', async () => {
    for (let round = 0; round < 4; round++) {
      const { id, url } = await begin()
      await patch(url, 0, BYTES)
      const cancel = () => ada.api.mutate('cancelUpload', { uploadId: id }, 'deletedId')
      const answers = await Promise.all([cancel(), finalize(id), cancel(), cancel()])
      const codes = answers.map(({ errors }) => errors[0]?.code ?? 'DONE')
      const row = await server.database.upload.findUnique({ where: { id } })
      expect(row?.status ?? null).toBe(codes[1] === 'DONE' ? 'FINALIZED' : null)
      for (const code of codes) expect(['DONE', 'NOT_FOUND', 'CONFLICT', 'UPLOAD_INCOMPLETE']).toContain(code)
    }
  })

  it('that is finalized cannot be canceled', async () => {
    const { id, url } = await begin()
    await patch(url, 0, BYTES)
    await finalize(id)
    const { errors } = await ada.api.mutate('cancelUpload', { uploadId: id })
    expect(errors).toMatchObject([{ code: 'CONFLICT', path: ['uploadId'] }])
  })
})

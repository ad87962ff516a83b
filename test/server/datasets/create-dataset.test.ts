import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'
import { BYTES, uploading } from './uploading.ts'

let server: TestServer
let ada: Person
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
})
afterAll(() => server.stop())

const { begin, finalize, patch } = uploading(() => ({ server, ada }))

describe('a dataset', () => {
  it('is made of a finalized upload, and its import is queued', async () => {
    const { id, url } = await begin()
    const input = { teamId: ada.teamId, name: '  Pets ', uploadId: id }
    const early = await ada.api.mutate('createDataset', input)
    expect(early.errors[0]).toMatchObject({ code: 'NOT_READY', path: ['uploadId'] })
    await patch(url, 0, BYTES)
    await finalize(id)
    const fields = 'dataset { name kind latestReadyVersion { id } versions { id number status } }'
    const { dataset } = await ada.api.mutate('createDataset', input, fields)
    expect(dataset).toMatchObject({
      name: 'Pets',
      latestReadyVersion: null,
      versions: [{ number: 1, status: 'PENDING' }],
    })
    const jobs = await server.database
      .$queryRaw`SELECT data FROM bullmq.job WHERE id = ${dataset.versions[0].id}`
    expect(jobs).toEqual([{ data: { datasetVersionId: dataset.versions[0].id } }])
    const again = await ada.api.mutate('createDataset', input)
    expect(again.errors[0]).toMatchObject({ code: 'CONFLICT', path: ['name'] })
  })

  it('is not made of an upload that a worker refused, unless somebody says how to read it', async () => {
    const { id, url } = await begin()
    await patch(url, 0, BYTES)
    await finalize(id)
    await server.database.upload.update({
      where: { id },
      data: { inspection: { outcome: 'REFUSED', reason: 'There is no image in it.' } },
    })
    const input = { teamId: ada.teamId, name: 'Refused', uploadId: id }
    const { errors } = await ada.api.mutate('createDataset', input)
    expect(errors[0]).toMatchObject({ code: 'INVALID_INPUT', path: ['uploadId'] })
    expect(errors[0].message).toMatch(/There is no image in it/)
    const forced = await ada.api.mutate(
      'createDataset',
      { ...input, format: 'image-folder' },
      'dataset { name }',
    )
    expect(forced.dataset).toEqual({ name: 'Refused' })
  })

  it.each([
    [{ height: 28 }, 'height'],
    [{ height: 4, width: 28 }, 'height'],
    [{ height: 28, width: 1000 }, 'width'],
    [{ channels: 2 }, 'channels'],
    [{ name: ' ' }, 'name'],
  ])('wished as %o is refused by name', async (wrong, field) => {
    const input = { teamId: ada.teamId, name: 'x', uploadId: 'upl_x', ...wrong }
    const { errors } = await ada.api.mutate('createDataset', input)
    expect(errors[0]).toMatchObject({ code: 'INVALID_INPUT', path: [field] })
  })

  it('of the sample is made once a team, and imported again where that failed', async () => {
    const make = async () => {
      const fields = 'dataset { id name versions { id number } }'
      return (await ada.api.mutate('createSampleDataset', { teamId: ada.teamId }, fields)).dataset
    }
    const [one, other] = await Promise.all([make(), make()])
    expect(other).toEqual(one)
    expect(one.name).toBe('Fashion-MNIST sample')
    const { uploadId } = await server.database.datasetVersion.findUniqueOrThrow({
      where: { id: one.versions[0].id },
    })
    const upload = await server.database.upload.findUniqueOrThrow({ where: { id: uploadId } })
    expect(await server.storage.byteLength(upload.sha256!)).toBe(Number(upload.byteLength))
    await server.database.datasetVersion.update({
      where: { id: one.versions[0].id },
      data: { status: 'FAILED', failure: 'The disk was full.' },
    })
    expect((await make()).versions.map(({ number }: { number: number }) => number)).toEqual([2, 1])
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertCohort, insertRun, insertUpload, insertVersion, storeLabels } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'
import { collectAbandoned } from './uploading.ts'

let server: TestServer
let ada: Person
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  await storeLabels(server.storage)
})
afterAll(() => server.stop())

const VERSION = 'datasetVersion { id number status failure edit parent { id } }'
const statusOf = async (id: string) =>
  (await server.database.datasetVersion.findUnique({ where: { id } }))?.status

describe('another version', () => {
  it('of another upload follows the newest READY one, which stays as it is', async () => {
    const { datasetId, versionId } = await insertVersion(server.database, ada)
    const uploadId = await insertUpload(server.database, ada)
    const input = { datasetId, uploadId, format: 'cifar-binary' }
    const { datasetVersion } = await ada.api.mutate('createDatasetVersion', input, VERSION)
    expect(datasetVersion).toMatchObject({
      number: 2,
      status: 'PENDING',
      parent: { id: versionId },
      edit: null,
    })
    expect(await statusOf(versionId)).toBe('READY')
    const prepared = await ada.api.mutate(
      'createDatasetVersion',
      { ...input, fit: 'CONTAIN', background: '#FFcc00' },
      VERSION,
    )
    const { wantedFit, wantedBackground } = await server.database.datasetVersion.findUniqueOrThrow({
      where: { id: prepared.datasetVersion.id },
    })
    expect([wantedFit, wantedBackground]).toEqual(['CONTAIN', '#ffcc00'])
    const odd = await ada.api.mutate('createDatasetVersion', { ...input, background: 'yellow' }, VERSION)
    expect(odd.errors[0]).toMatchObject({ code: 'INVALID_INPUT', path: ['background'] })
    const wrong = await ada.api.mutate('createDatasetVersion', { ...input, format: 'feather' }, VERSION)
    expect(wrong.errors[0]).toMatchObject({ code: 'INVALID_INPUT', path: ['format'] })
  })
})

describe('an import', () => {
  it('that is canceled ends with words, once and for all', async () => {
    const { versionId: datasetVersionId } = await insertVersion(server.database, ada, 'PENDING')
    const cancel = () => ada.api.mutate('cancelImport', { datasetVersionId }, VERSION)
    const { datasetVersion } = await cancel()
    expect(datasetVersion).toMatchObject({ status: 'FAILED', failure: expect.stringMatching(/canceled/) })
    expect((await cancel()).datasetVersion).toEqual(datasetVersion)
  })

  it('that has ended well is not canceled', async () => {
    const { versionId: datasetVersionId } = await insertVersion(server.database, ada)
    const { datasetVersion } = await ada.api.mutate('cancelImport', { datasetVersionId }, VERSION)
    expect(datasetVersion.status).toBe('READY')
  })
})

describe('deleting', () => {
  const remove = (datasetVersionId: string) =>
    ada.api.mutate('deleteDatasetVersion', { datasetVersionId }, 'deletedId')

  it('keeps what a run was trained on, and says which', async () => {
    const { datasetId, versionId } = await insertVersion(server.database, ada)
    const { cohortId } = await insertCohort(server.database, ada)
    const runId = await insertRun(server.database, ada, { cohortId, versionId })
    const { number } = await server.database.run.findUniqueOrThrow({ where: { id: runId } })
    const version = await remove(versionId)
    expect(version.errors[0]).toMatchObject({
      code: 'CONFLICT',
      message: `Run ${number} was trained on this version, which is kept with them.`,
    })
    const dataset = await ada.api.mutate('deleteDataset', { datasetId }, 'deletedId')
    expect(dataset.errors[0]).toMatchObject({ code: 'CONFLICT', path: ['datasetId'] })
    expect(await statusOf(versionId)).toBe('READY')
  })

  it('keeps what another version was made of, until that one is gone', async () => {
    const { versionId } = await insertVersion(server.database, ada)
    const edit = { rename: [{ from: 'cat', to: 'kitten' }] }
    const made = await ada.api.mutate('editDatasetVersion', { datasetVersionId: versionId, edit }, VERSION)
    expect((await remove(versionId)).errors[0].message).toMatch(/Version 2 was made of this one/)
    expect(await remove(made.datasetVersion.id)).toEqual({ deletedId: made.datasetVersion.id, errors: [] })
    expect((await remove(versionId)).errors).toEqual([])
    expect(await statusOf(versionId)).toBeUndefined()
  })

  it('a dataset takes its versions along, also those made of each other, and its uploads', async () => {
    const { datasetId, versionId, uploadId } = await insertVersion(server.database, ada)
    const edit = { rename: [{ from: 'cat', to: 'kitten' }] }
    await ada.api.mutate('editDatasetVersion', { datasetVersionId: versionId, edit }, VERSION)
    const finalizedAt = new Date(Date.now() - 2 * 3600_000)
    await server.database.upload.update({ where: { id: uploadId }, data: { finalizedAt } })
    expect((await ada.api.mutate('deleteDataset', { datasetId }, 'deletedId')).deletedId).toBe(datasetId)
    expect(await statusOf(versionId)).toBeUndefined()
    expect(await server.database.upload.count({ where: { id: uploadId } })).toBe(0)
  })
})

describe('the limit of a team’s uploads', () => {
  const begin = (person: Person, byteLength: number) =>
    person.api.mutate(
      'createUpload',
      { teamId: person.teamId, fileName: 'a.zip', byteLength },
      'upload { id }',
    )

  it('holds however many uploads begin at once, and is counted back when one is dropped', async () => {
    const eve = await server.signUp('Eve')
    await server.database.team.update({ where: { id: eve.teamId }, data: { uploadQuotaBytes: 1000n } })
    const answers = await Promise.all(Array.from({ length: 12 }, () => begin(eve, 300)))
    expect(answers.filter(({ upload }) => upload !== null)).toHaveLength(3)
    const refused = answers.filter(({ upload }) => upload === null)
    for (const { errors } of refused)
      expect(errors[0]).toMatchObject({ code: 'LIMIT_EXCEEDED', path: ['byteLength'] })
    const query = 'query ($id: ID!) { node(id: $id) { ... on Team { uploadedBytes uploadQuotaBytes } } }'
    expect((await eve.api.ask(query, { id: eve.teamId })).node).toEqual({
      uploadedBytes: 900,
      uploadQuotaBytes: 1000,
    })
    const createdAt = new Date(Date.now() - 25 * 3600_000)
    await server.database.upload.updateMany({ where: { teamId: eve.teamId }, data: { createdAt } })
    await collectAbandoned(server)
    expect((await eve.api.ask(query, { id: eve.teamId })).node.uploadedBytes).toBe(0)
    expect((await begin(eve, 900)).errors).toEqual([])
  })
})

import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DatasetOverview } from '../../contract/dataset-overview.ts'
import { newId } from '../../contract/ids.ts'
import type { PackedDataset } from '../../contract/packed-dataset.ts'
import { insertCohort, insertRun, insertUpload, insertVersion, MANIFEST } from './rows.ts'
import { type Person, startTestServer, type TestServer } from './test-server.ts'

let server: TestServer
let ada: Person
let folder: string
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  folder = await mkdtemp(path.join(tmpdir(), 'versions-'))
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

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
    const wrong = await ada.api.mutate('createDatasetVersion', { ...input, format: 'parquet' }, VERSION)
    expect(wrong.errors[0]).toMatchObject({ code: 'INVALID_INPUT', path: ['format'] })
  })

  it('by an edit keeps its parent and the difference; asked for at once, both get numbers', async () => {
    const { versionId: datasetVersionId } = await insertVersion(server.database, ada)
    const ask = (from: string) =>
      ada.api.mutate(
        'editDatasetVersion',
        { datasetVersionId, edit: { rename: [{ from, to: 'pet' }] } },
        VERSION,
      )
    const answers = await Promise.all([ask('cat'), ask('dog')])
    expect(answers.map(({ datasetVersion }) => datasetVersion.number).sort()).toEqual([2, 3])
    expect(answers[0].datasetVersion).toMatchObject({
      parent: { id: datasetVersionId },
      edit: { drop: [], move: [], rename: [{ from: 'cat', to: 'pet' }], subset: null },
    })
  })

  it.each([
    [{}, ['edit'], /changes nothing/],
    [{ rename: [{ from: 'cow', to: 'x' }] }, ['edit', 'rename'], /no class “cow”/],
    [{ drop: [{ split: 'test', indices: [40] }] }, ['edit', 'drop'], /no picture 40 in “test”/],
    [{ drop: [{ split: 'val', indices: [0] }] }, ['edit', 'drop', '0', 'split'], /train/],
    [{ subset: { trainPerClass: 0 } }, ['edit', 'subset', 'trainPerClass'], /./],
  ])('by the edit %j is refused at once', async (edit, where, words) => {
    const { versionId: datasetVersionId } = await insertVersion(server.database, ada)
    const { errors } = await ada.api.mutate('editDatasetVersion', { datasetVersionId, edit }, VERSION)
    expect(errors[0]).toMatchObject({ code: 'INVALID_INPUT', path: where })
    expect(errors[0].message).toMatch(words)
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
    const { PartialUploads } = await import('../../server/files/partial-uploads.ts')
    const { collectOnce } = await import('../../server/files/collect-abandoned.ts')
    const uploads = await PartialUploads.open(server.config.uploadsFolder)
    await collectOnce({ database: server.database, uploads } as Parameters<typeof collectOnce>[0])
    expect((await eve.api.ask(query, { id: eve.teamId })).node.uploadedBytes).toBe(0)
    expect((await begin(eve, 900)).errors).toEqual([])
  })
})

describe('what can be seen in a version', () => {
  const LABELS = [1, 0, 1, 0, 0]
  const SHEET = Buffer.from('a sheet')
  let versionId: string
  const put = async (bytes: Buffer) => (await server.storage.put(Readable.from([bytes]))).sha256

  beforeAll(async () => {
    const bytes = Buffer.alloc(4 * LABELS.length)
    for (const [i, label] of LABELS.entries()) bytes.writeInt32LE(label, 4 * i)
    const overview = DatasetOverview.parse({
      format: 'studyhall-overview-1',
      tilePixels: 28,
      sheets: { train: [await put(SHEET)], test: [] },
      meanSha256: await put(Buffer.from('a mean')),
      exact: {
        count: 1,
        leakedCount: 0,
        groups: [[0, 2].map((index) => ({ split: 'train', index }))],
      },
      near: { count: 0, leakedCount: 0, groups: [] },
      notes: [],
    })
    const train = { ...MANIFEST.splits.train, count: 5, classCounts: [3, 2], labelsSha256: await put(bytes) }
    const manifest = { ...MANIFEST, splits: { ...MANIFEST.splits, train } } as PackedDataset
    const before = await insertVersion(server.database, ada, 'PENDING')
    versionId = before.versionId
    await server.database.datasetVersion.update({
      where: { id: versionId },
      data: {
        status: 'READY',
        manifest,
        report: (await server.database.datasetVersion.findFirstOrThrow({ where: { status: 'READY' } }))
          .report!,
        readyAt: new Date(),
        overviewSha256: await put(Buffer.from(JSON.stringify(overview))),
      },
    })
  })

  const pictures = async (wanted: string) => {
    const query = `query ($id: ID!) { node(id: $id) { ... on DatasetVersion { pictures(${wanted}) { totalCount nodes { index class sheet tile } } } } }`
    return (await ada.api.ask(query, { id: versionId })).node.pictures
  }

  it('are pictures by class, any part of them, and those alike', async () => {
    const all = await pictures('split: "train"')
    expect(all.totalCount).toBe(5)
    expect(all.nodes.map(({ index }: { index: number }) => index)).toEqual([1, 3, 4, 0, 2])
    expect(all.nodes[3]).toEqual({ index: 0, class: 1, sheet: 0, tile: 3 })
    const part = await pictures('split: "train", class: 0, offset: 1, first: 1')
    expect(part).toEqual({ totalCount: 3, nodes: [{ index: 3, class: 0, sheet: 0, tile: 1 }] })
    const alike = await pictures('split: "train", duplicates: true')
    expect(alike.nodes.map(({ index }: { index: number }) => index)).toEqual([0, 2])
  })

  it('is refused by name where it is asked for what is not there', async () => {
    const query =
      'query ($id: ID!) { node(id: $id) { ... on DatasetVersion { pictures(split: "val") { totalCount } } } }'
    const { errors } = await ada.api.send(query, { id: versionId })
    expect(errors?.[0]?.message).toMatch(/no split “val”; there are train, test/)
  })

  it('are sheets that are served once, to members alone', async () => {
    const url = `${server.url}/thumbnails/${versionId}/sheets/train/0`
    const response = await fetch(url, { headers: ada.api.headers })
    expect(response.status).toBe(200)
    expect(Buffer.from(await response.arrayBuffer())).toEqual(SHEET)
    const etag = `"${createHash('sha256').update(SHEET).digest('hex')}"`
    expect(response.headers.get('etag')).toBe(etag)
    expect(response.headers.get('content-type')).toBe('image/jpeg')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('cache-control')).toMatch(/private.*immutable/)
    const again = await fetch(url, { headers: { ...ada.api.headers, 'if-none-match': etag } })
    expect(again.status).toBe(304)
    const stranger = await server.signUp('Mallory')
    const asked = [
      [url, stranger.api.headers],
      [url, {}],
      [`${server.url}/thumbnails/${newId('DatasetVersion')}/sheets/train/0`, ada.api.headers],
      [`${server.url}/thumbnails/${versionId}/sheets/train/1`, ada.api.headers],
      [`${server.url}/thumbnails/${versionId}/sheets/__proto__/0`, ada.api.headers],
      [`${server.url}/thumbnails/${versionId}/sheets/train/%2e%2e`, ada.api.headers],
    ] as const
    for (const [address, headers] of asked) expect((await fetch(address, { headers })).status).toBe(404)
    expect(await readFile(await server.storage.fetchLocal(etag.slice(1, -1)))).toEqual(SHEET)
  })
})

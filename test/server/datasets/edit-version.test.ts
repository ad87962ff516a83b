import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PackedDataset } from '../../../contract/packed/manifest.ts'
import { insertVersion, MANIFEST, storeLabels } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  await storeLabels(server.storage)
})
afterAll(() => server.stop())

const VERSION = 'datasetVersion { id number status failure edit parent { id } }'

/** Of the same dataset. */
async function countVersions(versionId: string): Promise<number> {
  const { datasetId } = await server.database.datasetVersion.findUniqueOrThrow({ where: { id: versionId } })
  return server.database.datasetVersion.count({ where: { datasetId } })
}

describe('an edit', () => {
  it('keeps its parent and the difference; asked for at once, both get numbers', async () => {
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
    const { id } = answers[0].datasetVersion
    expect(await server.database.datasetVersion.findUniqueOrThrow({ where: { id } })).toMatchObject({
      createdById: ada.userId,
    })
  })

  it.each([
    [{}, ['edit'], /must change something/],
    [{ rename: [{ from: 'cow', to: 'x' }] }, ['edit', 'rename'], /no class “cow”/],
    [{ drop: [{ split: 'test', indices: [40] }] }, ['edit', 'drop'], /no image 40 in “test”/],
    [{ drop: [{ split: 'val', indices: [0] }] }, ['edit', 'drop', '0', 'split'], /train/],
    [{ drop: [{ split: 'query', indices: [0] }] }, ['edit', 'drop'], /no split “query”/],
    [{ rename: [{ from: 'cat', to: 'dog' }] }, ['edit', 'rename'], /Fewer than two classes/],
    [
      { drop: [{ split: 'test', indices: Array.from({ length: 40 }, (_, i) => i) }] },
      ['edit', 'drop'],
      /No test image/,
    ],
    [{ subset: { trainPerClass: 0 } }, ['edit', 'subset', 'trainPerClass'], /./],
  ])('is refused at once where it is %j', async (edit, where, words) => {
    const { versionId: datasetVersionId } = await insertVersion(server.database, ada)
    const { errors } = await ada.api.mutate('editDatasetVersion', { datasetVersionId, edit }, VERSION)
    expect(errors[0]).toMatchObject({ code: 'INVALID_INPUT', path: where })
    expect(errors[0].message).toMatch(words)
    expect(await countVersions(datasetVersionId)).toBe(1)
  })

  it('is refused where the files of the version are gone', async () => {
    const { versionId: datasetVersionId } = await insertVersion(server.database, ada, 'PENDING')
    const train = { ...MANIFEST.splits.train, labelsSha256: 'b'.repeat(64) }
    const manifest = { ...MANIFEST, splits: { ...MANIFEST.splits, train } } as PackedDataset
    const data = { status: 'READY', manifest, report: {}, readyAt: new Date() } as const
    await server.database.datasetVersion.update({ where: { id: datasetVersionId }, data })
    const edit = { drop: [{ split: 'train', indices: [0] }] }
    const { errors } = await ada.api.mutate('editDatasetVersion', { datasetVersionId, edit }, VERSION)
    expect(errors[0]).toMatchObject({ code: 'NOT_READY', message: expect.stringMatching(/no longer/) })
  })
})

describe('an edit of a dataset for retrieval', () => {
  let datasetVersionId: string
  /** 1 and 2 are learned; 7 and 9 searched for, and found by another camera. */
  beforeAll(async () => {
    datasetVersionId = (await insertVersion(server.database, ada, 'PENDING')).versionId
    const put = async (numbers: number[]) =>
      (await server.storage.put(Readable.from([Buffer.from(Int32Array.from(numbers).buffer)]))).sha256
    const { shards } = MANIFEST.splits.train
    const searched = async (identities: number[], cameras: number[]) => ({
      ...{ count: identities.length, shards },
      ...{ identitiesSha256: await put(identities), camerasSha256: await put(cameras) },
    })
    const manifest: PackedDataset = {
      ...MANIFEST,
      kind: 'RETRIEVAL',
      classes: ['0001', '0002'],
      splits: {
        train: MANIFEST.splits.train as never,
        query: await searched([7, 9], [1, 1]),
        gallery: await searched([7, 9, 0], [2, 2, 3]),
      },
    }
    const data = { status: 'READY', manifest, report: {}, readyAt: new Date() } as const
    await server.database.datasetVersion.update({ where: { id: datasetVersionId }, data })
  })

  const ask = (edit: object) => ada.api.mutate('editDatasetVersion', { datasetVersionId, edit }, VERSION)

  it.each([
    [{ move: [{ split: 'train', indices: [0] }] }, ['edit', 'move'], /are not moved/],
    [{ subset: { testPerClass: 1 } }, ['edit', 'subset'], /not thinned out/],
    [{ rename: [{ from: '0001', to: '0002' }] }, ['edit', 'rename'], /Fewer than two identities/],
    [{ rename: [{ from: '0001', to: '0007' }] }, ['edit', 'rename'], /trained on and searched for/],
    [{ drop: [{ split: 'query', indices: [0, 1] }] }, ['edit', 'drop'], /No query would be left/],
    [{ drop: [{ split: 'gallery', indices: [0, 1] }] }, ['edit', 'drop'], /No query would have a match/],
  ])('is refused in words before anything is queued where it is %j', async (edit, path, words) => {
    const { errors } = await ask(edit)
    expect(errors[0]).toMatchObject({ code: 'INVALID_INPUT', path })
    expect(errors[0].message).toMatch(words)
    expect(await countVersions(datasetVersionId)).toBe(1)
  })

  it('is queued where it drops images and makes one of two identities', async () => {
    const rename = [{ from: '0007', to: '0009' }]
    const { datasetVersion } = await ask({ drop: [{ split: 'gallery', indices: [2] }], rename })
    expect(datasetVersion).toMatchObject({ status: 'PENDING', edit: { rename } })
  })
})

import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PackedDataset } from '../../../contract/packed/manifest.ts'
import { insertVersion, MANIFEST } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
let versionId: string

const IDENTITIES = [7, 0, 9, 7]
const CAMERAS = [1, 2, 3, 4]

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  versionId = (await insertVersion(server.database, ada, 'PENDING')).versionId
  const put = async (numbers: number[]) =>
    (await server.storage.put(Readable.from([Buffer.from(Int32Array.from(numbers).buffer)]))).sha256
  const { shards } = MANIFEST.splits.train
  const searched = {
    count: IDENTITIES.length,
    shards,
    identitiesSha256: await put(IDENTITIES),
    camerasSha256: await put(CAMERAS),
  }
  const splits = { train: MANIFEST.splits.train, query: searched, gallery: searched }
  const manifest: PackedDataset = { ...MANIFEST, kind: 'RETRIEVAL', splits }
  const data = { status: 'READY', manifest, report: {}, readyAt: new Date() } as const
  await server.database.datasetVersion.update({ where: { id: versionId }, data })
})
afterAll(() => server.stop())

const askGallery = async (id: string, first: number) => {
  const query = `query ($id: ID!) { node(id: $id) { ... on DatasetVersion { gallery(first: ${first}) { index identity camera url } } } }`
  return (await ada.api.ask(query, { id })).node.gallery
}

it('is listed from its start: who is on each image, and where the image is', async () => {
  expect(await askGallery(versionId, 3)).toEqual(
    [0, 1, 2].map((index) => ({
      index,
      identity: IDENTITIES[index],
      camera: CAMERAS[index],
      url: `${server.config.publicOrigin}/pictures/${versionId}/gallery/${index}`,
    })),
  )
  expect(await askGallery(versionId, 500)).toHaveLength(4)
})

it('is empty where classes are told apart, and in no page larger than 500', async () => {
  const { versionId: ofClasses } = await insertVersion(server.database, ada)
  expect(await askGallery(ofClasses, 10)).toEqual([])
  await expect(askGallery(versionId, 501)).rejects.toThrow(/first is 501; it is 0 to 500/)
})

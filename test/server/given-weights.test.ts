import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../contract/ids.ts'
import { inspectWeightsJob } from '../../storage/jobs/inspect-weights.ts'
import { type JobQueues, openJobQueues } from '../../storage/queue.ts'
import { collectBlobs } from '../../workers/jobs/collect-blobs.ts'
import { reconcile } from '../../workers/jobs/reconcile.ts'
import { uploading } from './datasets/uploading.ts'
import { type Person, startTestServer, type TestServer } from './test-server.ts'
import { WEIGHTS_INSPECTION } from './weights-rows.ts'

let server: TestServer
let queues: JobQueues
let ada: Person
beforeAll(async () => {
  server = await startTestServer()
  queues = await openJobQueues({ databaseUrl: server.databaseUrl }, () => {})
  ada = await server.signUp('Ada')
})
afterAll(async () => {
  await queues?.close()
  await server.stop()
})

const { begin, patch, finalize } = uploading(() => ({ server, ada }))
const FIELDS = `givenWeights { id name licence origin fileName byteLength sha256 status fileKind tensorCount classCount
  createdBy { id } fits { architecture images matched total newCount new { name reason } channelMeans } cohorts { id } }`
const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

async function upload(content: string, purpose = 'WEIGHTS'): Promise<string> {
  const bytes = Buffer.from(content)
  const { id, url } = await begin(bytes.length, { fileName: 'resnet.pth', purpose })
  await patch(url, 0, bytes)
  expect((await finalize(id, hashOf(bytes))).errors).toEqual([])
  return id
}
const create = (uploadId: string, more: object = {}) =>
  ada.api.mutate(
    'createGivenWeights',
    { teamId: ada.teamId, uploadId, name: newId('Cohort'), ...more },
    FIELDS,
  )
const update = (givenWeightsId: string, more: object) =>
  ada.api.mutate('updateGivenWeights', { givenWeightsId, ...more }, FIELDS)
/** As a worker leaves it. */
const settle = (id: string, inspection = WEIGHTS_INSPECTION) =>
  server.database.givenWeights.update({ where: { id }, data: { status: 'READY', inspection } })

describe('a file of weights', () => {
  it('is taken up with what is said of it, and waits for a worker, who is asked again where that got lost', async () => {
    const uploadId = await upload('one')
    const said = {
      name: 'ResNet of the paper',
      licence: 'BSD-3-Clause',
      origin: 'https://example.org/resnet',
    }
    const normalization = { means: [0.5], deviations: [0.25] }
    const { givenWeights, errors } = await create(uploadId, { ...said, normalization })
    expect(errors).toEqual([])
    expect(givenWeights).toMatchObject({
      ...{ ...said, status: 'PENDING', fits: [], cohorts: [], createdBy: { id: ada.userId } },
      ...{ fileName: 'resnet.pth', byteLength: 3, sha256: hashOf(Buffer.from('one')) },
    })
    expect(await queues.countWaiting(inspectWeightsJob)).toBe(1)
    expect(await reconcile(server.database, queues)).toMatchObject({ enqueued: 1 })
    // What was said of the images goes before what file and names say.
    await settle(givenWeights.id)
    expect(await reconcile(server.database, queues)).toMatchObject({ enqueued: 0 })
    const query = `query ($id: ID!) { node(id: $id) { ... on Team { givenWeights(search: "of the") { nodes {
      fileKind tensorCount fits { architecture images matched total newCount new { name reason } channelMeans } } } } } }`
    const { node } = await ada.api.ask(query, { id: ada.teamId })
    expect(node.givenWeights.nodes).toEqual([
      {
        ...{ fileKind: 'PYTORCH', tensorCount: 44 },
        fits: [
          {
            ...{ architecture: 'resnet-8', images: 'UP_TO_64_PIXELS', matched: 40, total: 40, newCount: 0 },
            ...{ new: [], channelMeans: [0.5] },
          },
          {
            ...{ architecture: 'resnet-8', images: 'ABOVE_64_PIXELS', matched: 39, total: 40, newCount: 1 },
            new: [{ name: 'stem/kernel', reason: '3x3x3x16 there, 7x7x3x16 here' }],
            channelMeans: [0.5],
          },
        ],
      },
    ])
  })

  it('is refused where the upload is another team’s thing, a dataset’s, or not there yet, and no dataset is made of it', async () => {
    const dataset = await upload('two', 'DATASET')
    expect((await create(dataset)).errors).toMatchObject([
      {
        code: 'INVALID_INPUT',
        message: expect.stringContaining('with the purpose WEIGHTS'),
        path: ['uploadId'],
      },
    ])
    const { id } = await begin(3, { purpose: 'WEIGHTS' })
    expect((await create(id)).errors).toMatchObject([{ code: 'NOT_READY', path: ['uploadId'] }])
    const made = { teamId: ada.teamId, name: 'D', uploadId: await upload('three') }
    expect((await ada.api.mutate('createDataset', made)).errors).toMatchObject([
      { code: 'INVALID_INPUT', message: expect.stringContaining('The upload is of weights') },
    ])
    const large = { teamId: ada.teamId, fileName: 'a.pth', byteLength: 2 ** 30 + 1, purpose: 'WEIGHTS' }
    expect((await ada.api.mutate('createUpload', large)).errors).toMatchObject([
      { message: 'byteLength: a file of weights has at most 1 GiB', path: ['byteLength'] },
    ])
  })

  it('is described anew, and has a name of its own', async () => {
    const [first, second] = [await create(await upload('four')), await create(await upload('five'))]
    const { id, name } = first.givenWeights
    const named = await update(id, { name: '  Better  ', licence: 'MIT' })
    expect(named.givenWeights).toMatchObject({ name: 'Better', licence: 'MIT', origin: null })
    expect((await update(id, { licence: null })).givenWeights).toMatchObject({
      name: 'Better',
      licence: null,
    })
    expect((await update(second.givenWeights.id, { name: 'Better' })).errors).toMatchObject([
      { code: 'CONFLICT', path: ['name'] },
    ])
    expect((await update(id, { licence: 'x'.repeat(201), origin: 'y'.repeat(501) })).errors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['licence'] },
      { code: 'INVALID_INPUT', path: ['origin'] },
    ])
    expect(name).not.toBe('Better')
  })

  it('counts as stored with what students begin with, is kept while it is there, and goes when it is deleted', async () => {
    const content = 'a file'
    const { givenWeights } = await create(await upload(content))
    const prepared = await server.storage.put(Readable.from([Buffer.from('prepared')]))
    const [family] = WEIGHTS_INSPECTION.families
    const stored = async () => {
      const query = 'query ($id: ID!) { node(id: $id) { ... on Team { storedBytes { uploads } } } }'
      return (await ada.api.ask(query, { id: ada.teamId })).node.storedBytes.uploads
    }
    const before = await stored()
    await settle(givenWeights.id, { ...WEIGHTS_INSPECTION, families: [{ ...family!, ...prepared }] })
    expect(await stored()).toBe(before + prepared.byteLength)
    const both = [hashOf(Buffer.from(content)), prepared.sha256]
    await collectBlobs(server.database, server.storage, -60_000)
    for (const sha256 of both) expect(await server.storage.has(sha256)).toBe(true)

    const { deletedId } = await ada.api.mutate(
      'deleteGivenWeights',
      { givenWeightsId: givenWeights.id },
      'deletedId',
    )
    expect(deletedId).toBe(givenWeights.id)
    expect(await stored()).toBe(before - content.length)
    await collectBlobs(server.database, server.storage, -60_000)
    for (const sha256 of both) expect(await server.storage.has(sha256)).toBe(false)
  })

  it('leaves the quota once with its upload, however many are deleted at once', async () => {
    const shared = await upload('of two')
    const made = [await create(shared), await create(shared), await create(await upload('of one'))]
    const unused = await upload('of none')
    const finalizedAt = new Date(Date.now() - 2 * 3600_000)
    await server.database.upload.update({ where: { id: unused }, data: { finalizedAt } })
    const uploaded = async () =>
      Number((await server.database.team.findUniqueOrThrow({ where: { id: ada.teamId } })).uploadedBytes)
    const before = await uploaded()
    const answers = await Promise.all(
      made.map(({ givenWeights: { id } }) => ada.api.mutate('deleteGivenWeights', { givenWeightsId: id })),
    )
    expect(answers.flatMap(({ errors }) => errors)).toEqual([])
    expect(await server.database.upload.count({ where: { id: { in: [shared, unused] } } })).toBe(0)
    expect(await uploaded()).toBe(before - 'of twoof oneof none'.length)
  })
})

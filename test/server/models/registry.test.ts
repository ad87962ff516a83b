import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { PackedDataset } from '../../../contract/packed/manifest.ts'
import { insertFinishedRun, insertVersion } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
let mallory: Person
let made: Awaited<ReturnType<typeof insertFinishedRun>>
let other: typeof made

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp('Ada')
  mallory = await server.signUp('Mallory')
  made = await insertFinishedRun(server.database, server.storage, ada)
  other = await insertFinishedRun(server.database, server.storage, ada)
  await insertFinishedRun(server.database, server.storage, mallory)
})
afterAll(() => server.stop())

async function registry(filter: object = {}, page: { first?: number; after?: string } = {}) {
  const query = `query ($id: ID!, $filter: RegistryFilter, $first: Int, $after: String) { node(id: $id) { ... on Team {
    registry(filter: $filter, first: $first, after: $after) {
      totalCount nodes { id aliases { name } } pageInfo { hasNextPage endCursor } } } } }`
  return (await ada.api.ask(query, { id: ada.teamId, filter, ...page })).node.registry
}
const idsOf = ({ nodes }: { nodes: { id: string }[] }) => nodes.map(({ id }) => id)

describe('the registry of a team', () => {
  it('lists its models and ensembles together, newest first, page by page, and nobody else’s', async () => {
    const all = await registry()
    expect(idsOf(all)).toEqual([other.ensembleId, other.modelId, made.ensembleId, made.modelId])
    expect(all.totalCount).toBe(4)
    const first = await registry({}, { first: 3 })
    expect(first.pageInfo.hasNextPage).toBe(true)
    const second = await registry({}, { first: 3, after: first.pageInfo.endCursor })
    expect([...idsOf(first), ...idsOf(second)]).toEqual(idsOf(all))
  })

  it('is filtered by dataset, network, student, cohort, kind, score and size', async () => {
    const { datasetId } = made
    expect(idsOf(await registry({ datasetId }))).toEqual([made.ensembleId, made.modelId])
    expect(idsOf(await registry({ datasetId, kind: 'STUDENT' }))).toEqual([made.modelId])
    // 0.9 of the student, 0.95 of the ensemble.
    expect(idsOf(await registry({ datasetId, leastScore: 0.93 }))).toEqual([made.ensembleId])
    expect(idsOf(await registry({ datasetId, mostParameters: 77_999 }))).toEqual([])
    for (const mostParameters of [2 ** 31 - 1, 2 ** 31, 50_000_000_000, 1e300])
      expect((await registry({ mostParameters })).totalCount).toBe(4)
    expect(idsOf(await registry({ studentId: made.studentIds[0] }))).toEqual([made.modelId])
    expect(idsOf(await registry({ studentId: made.studentIds[1] }))).toEqual([])
    expect(idsOf(await registry({ cohortId: made.cohortId }))).toEqual([made.ensembleId, made.modelId])
    expect((await registry({ architecture: 'resnet-8' })).totalCount).toBe(4)
    expect((await registry({ architecture: 'resnet-14' })).totalCount).toBe(0)
  })
})

describe('an alias', () => {
  const give = (id: string, name = 'production') =>
    ada.api.mutate('setModelAlias', { id, name }, 'trained { id }')
  const holders = async (alias: string) => idsOf(await registry({ alias }))

  it('means one of a dataset at a time, and moves', async () => {
    await give(made.modelId)
    expect(await holders('production')).toEqual([made.modelId])
    await give(made.ensembleId)
    expect(await holders('production')).toEqual([made.ensembleId])
    // Those of another dataset have one of their own.
    await give(other.modelId)
    expect(await holders('production')).toEqual([other.modelId, made.ensembleId])
  })

  it('is taken again, once and again', async () => {
    for (let i = 0; i < 2; i++) {
      const { errors } = await ada.api.mutate('removeModelAlias', { id: made.ensembleId, name: 'production' })
      expect(errors).toEqual([])
    }
    expect(await holders('production')).toEqual([other.modelId])
  })

  it.each(['', 'Production', 'a b', '-x', 'x'.repeat(41)])('cannot be “%s”', async (name) => {
    expect((await give(made.modelId, name)).errors[0]).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['name'],
    })
  })
})

describe('createExport', () => {
  const ask = (id: string, format: string) =>
    ada.api.mutate('createExport', { id, format }, 'export { id status } artifact { id }')

  it('refuses a run of before weights were kept by themselves, and says what to do', async () => {
    const { errors } = await ask(made.modelId, 'SAVED_MODEL')
    expect(errors[0]).toMatchObject({ code: 'NOT_READY', message: expect.stringContaining('Run it again') })
  })

  it('answers with the file where it is there, queues it once where not, and tries again what failed', async () => {
    const { artifactId, modelId, ensembleId, sha256 } = made
    const file = { teamId: ada.teamId, fileName: 'w.zip', sha256, byteLength: 16n }
    await server.database.artifact.create({
      data: { id: newId('Artifact'), modelId, format: 'SAFETENSORS', ...file },
    })
    expect((await ask(modelId, 'TFJS')).artifact).toEqual({ id: artifactId })
    const first = await ask(ensembleId, 'ONNX')
    expect(first).toMatchObject({ errors: [], artifact: null, export: { status: 'QUEUED' } })
    expect((await ask(ensembleId, 'ONNX')).export).toEqual(first.export)
    await server.database.export.update({
      where: { id: first.export.id },
      data: { status: 'FAILED', failure: 'It broke.', finishedAt: new Date() },
    })
    expect((await ask(ensembleId, 'ONNX')).export).toEqual(first.export)
    const row = await server.database.export.findUniqueOrThrow({ where: { id: first.export.id } })
    expect(row).toMatchObject({ status: 'QUEUED', failure: null, finishedAt: null })
  })
})

describe('a file by API key', () => {
  const fetchFile = async (person: Person, path: string) => {
    const { secret } = await person.api.mutate(
      'createApiKey',
      { teamId: person.teamId, name: 'ci' },
      'secret',
    )
    return fetch(`${server.url}${path}`, {
      headers: { authorization: `Bearer ${secret}`, range: 'bytes=4-' },
    })
  }

  it('comes without a signed link, from any byte on', async () => {
    const response = await fetchFile(ada, `/files/${made.artifactId}`)
    expect([response.status, await response.text()]).toEqual([206, 'really a zip'])
  })

  it('does not come by another team’s key, nor by a session alone', async () => {
    expect((await fetchFile(mallory, `/files/${made.artifactId}`)).status).toBe(403)
    const response = await fetch(`${server.url}/files/${made.artifactId}`, { headers: ada.api.headers })
    expect(response.status).toBe(403)
  })
})

describe('an image of a packed version', () => {
  it('is cut from its shard for the team’s members, with an ETag, and from nowhere else', async () => {
    const { versionId } = await insertVersion(server.database, ada, 'PENDING')
    const pixels = Buffer.from(Array.from({ length: 3 * 8 * 8 }, (_, i) => i % 256))
    const [one, two] = [pixels.subarray(0, 128), pixels.subarray(128)]
    const shards = []
    for (const bytes of [one, two])
      shards.push({
        sha256: (await server.storage.put(Readable.from([bytes]))).sha256,
        count: bytes.length / 64,
      })
    const who = await server.storage.put(Readable.from([Buffer.from(Int32Array.from([7, 7, 0]).buffer)]))
    const cameras = await server.storage.put(Readable.from([Buffer.from(Int32Array.from([1, 2, 2]).buffer)]))
    const identified = { count: 3, shards, identitiesSha256: who.sha256, camerasSha256: cameras.sha256 }
    const manifest: PackedDataset = PackedDataset.parse({
      format: 'studyhall-packed-1',
      kind: 'RETRIEVAL',
      ...{ height: 8, width: 8, channels: 1, classes: ['0001', '0002'] },
      splits: {
        train: { count: 3, shards, labelsSha256: who.sha256, classCounts: [2, 1] },
        query: identified,
        gallery: identified,
      },
      ...{ channelMeans: [0.5], channelDeviations: [0.25] },
    })
    const report = { ...{ pictures: 3, ignored: [], ignoredCount: 0 }, ...{ leftOut: [], leftOutCount: 0 } }
    await server.database.datasetVersion.update({
      where: { id: versionId },
      data: {
        status: 'READY',
        manifest,
        report: { ...report, sizes: [], resizedCount: 0, notes: [] },
        readyAt: new Date(),
      },
    })
    const get = (path: string, headers: Record<string, string> = ada.api.headers) =>
      fetch(`${server.url}/pictures/${versionId}/${path}`, { headers })
    const answer = await get('gallery/2')
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png'])
    const { default: sharp } = await import('sharp')
    const seen = await sharp(Buffer.from(await answer.arrayBuffer()))
      .toColourspace('b-w')
      .raw()
      .toBuffer()
    expect(seen.equals(two)).toBe(true)
    const etag = answer.headers.get('etag')!
    expect((await get('gallery/2', { ...ada.api.headers, 'if-none-match': etag })).status).toBe(304)
    expect((await get('gallery/1')).headers.get('etag')).not.toBe(etag)
    for (const path of ['gallery/3', 'gallery/-1', 'test/0', '__proto__/0', 'gallery/x'])
      expect([path, (await get(path)).status]).toEqual([path, 404])
    expect((await get('gallery/2', mallory.api.headers)).status).toBe(404)
    expect((await get('gallery/2', {})).status).toBe(404)

    const query = `query ($id: ID!) { node(id: $id) { ... on DatasetVersion { retrieval {
      trainIdentities queryIdentities galleryIdentities distractors cameras queriesWithoutMatch } } } }`
    expect((await ada.api.ask(query, { id: versionId })).node.retrieval).toEqual({
      ...{ trainIdentities: 2, queryIdentities: 2, galleryIdentities: 1 },
      // Of identity 7 each query finds the other camera's image; the distractor's number finds nobody.
      ...{ distractors: 1, cameras: 2, queriesWithoutMatch: 1 },
    })
  })
})

import { mkdtemp } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { blobsOf, PackedDataset, shardsOf } from '../../contract/packed/manifest.ts'
import { EXPORT_SAMPLE, spreadSample } from '../../contract/packed/spread-sample.ts'
import { BlobMissing, type ByteRange } from '../../storage/blob-storage.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { PackedSplit, type RemoteShards } from '../../workers/engine/batches/packed-split.ts'
import { trainNextRun } from '../../workers/jobs/train-run.ts'
import { fetchExportImages } from '../../workers/training/fetch-export-images.ts'
import { openTrainingScene, type TrainingScene } from './training-scene.ts'
import { waitUntil } from './wait-until.ts'

const WISH = { architectures: ['convnet-0.25', 'convnet-0.25'], overrides: { epochs: 3 } }
let scene: TrainingScene
let dataset: PackedDataset
let shards: string[]

beforeAll(async () => {
  scene = await openTrainingScene()
  const { manifest } = await scene.database.datasetVersion.findUniqueOrThrow({
    where: { id: scene.versionId },
  })
  dataset = PackedDataset.parse(manifest)
  shards = shardsOf(dataset)
})
afterAll(() => scene?.close())

/** The same blobs, but shards must be fetched, and that takes until `fetch` resolves. */
class FarStorage extends DiskStorage {
  reads = 0
  failures = 0
  readonly #fetch: () => Promise<void>

  constructor(fetch: () => Promise<void>) {
    super(path.join(scene.folder, 'storage'))
    this.#fetch = fetch
  }

  override async findLocal(sha256: string): Promise<string | null> {
    return shards.includes(sha256) ? null : super.findLocal(sha256)
  }

  override async fetchLocal(sha256: string): Promise<string> {
    if (shards.includes(sha256)) await this.#fetch()
    return super.fetchLocal(sha256)
  }

  override read(sha256: string, range?: ByteRange): Readable {
    if (!shards.includes(sha256)) return super.read(sha256, range)
    if (this.reads++ >= this.failures) return super.read(sha256, range)
    return Readable.from(
      (async function* () {
        yield* []
        throw new Error('the storage is away')
      })(),
    )
  }
}

async function train(storage: DiskStorage) {
  const runId = await scene.createRun(WISH)
  return { runId, trained: trainNextRun(scene.context({ storage })) }
}

async function weightsOf(runId: string): Promise<string[]> {
  const where = { format: 'SAFETENSORS' as const, OR: [{ model: { runId } }, { ensemble: { runId } }] }
  const found = await scene.database.artifact.findMany({ where, select: { sha256: true } })
  expect(found).toHaveLength(3)
  return found.map(({ sha256 }) => sha256).sort()
}

const isAtStep = (runId: string, step: number) =>
  waitUntil(`step ${step}`, async () => (await scene.runOf(runId)).step >= step, 60_000)

it('a run begins before its images are on the machine, and comes to the same weights', async () => {
  const reference = await train(scene.storage)
  await reference.trained
  let arrive = () => {}
  const far = new FarStorage(() => new Promise((resolve) => (arrive = resolve)))
  // The storage is away, too, when the first images are wanted.
  far.failures = 2
  const { runId, trained } = await train(far)
  await isAtStep(runId, 2)
  expect(far.reads).toBeGreaterThan(far.failures)
  const comeIn = setInterval(() => arrive(), 20)
  await trained
  clearInterval(comeIn)
  expect((await scene.runOf(runId)).status).toBe('SUCCEEDED')
  expect(await weightsOf(runId)).toEqual(await weightsOf(reference.runId))
}, 120_000)

it('a run whose images are lost on the way fails with words', async () => {
  let lose = () => {}
  const far = new FarStorage(
    () => new Promise((_, reject) => (lose = () => reject(new BlobMissing(shards[0]!)))),
  )
  const { runId, trained } = await train(far)
  await isAtStep(runId, 1)
  lose()
  await trained
  expect(await scene.runOf(runId)).toMatchObject({ status: 'FAILED', failureCode: 'DATASET_GONE' })
}, 120_000)

it('an export reads of images that are far those of its sample, and fetches no shard', async () => {
  const far = new FarStorage(() => Promise.reject(new Error('a shard was fetched')))
  const folder = await mkdtemp(path.join(scene.folder, 'export-'))
  const paths = await fetchExportImages(dataset, far, folder)
  for (const name of ['train', 'test'] as const) {
    const near = await readSample(name, Object.fromEntries(await Promise.all(allBlobs())))
    expect(await readSample(name, paths ?? {})).toEqual(near)
  }
  expect(far.reads).toBeGreaterThan(0)
})

function allBlobs(): Promise<[string, string]>[] {
  return blobsOf(dataset).map(
    async (sha256): Promise<[string, string]> => [sha256, await scene.storage.fetchLocal(sha256)],
  )
}

async function readSample(name: 'train' | 'test', blobPaths: Record<string, string>): Promise<Uint8Array> {
  const split = PackedSplit.open(dataset, name, blobPaths, NEVER_ASKED)
  const sample = spreadSample(split, EXPORT_SAMPLE[name])
  const bytes = new Uint8Array(sample.length * split.pictureSize)
  await split.readPictures(sample, bytes)
  split.close()
  return bytes
}

const NEVER_ASKED: RemoteShards = {
  pathOf: () => undefined,
  read: () => Promise.reject(new Error('it is in no file')),
}

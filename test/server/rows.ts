import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { newId } from '../../contract/ids.ts'
import type { PackedDataset } from '../../contract/packed/manifest.ts'
import { resolveRecipe } from '../../contract/recipes/recipe-presets.ts'
import type { RunStatus } from '../../contract/runs/run-states.ts'
import type { Database } from '../../prisma/client.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'

/** Rows that workers and earlier requests would have written, so that a test needs neither. */
export interface Owner {
  teamId: string
  userId: string
}

const HASH = 'a'.repeat(64)

/** Half of them cats, then dogs. */
function halves(count: number) {
  const bytes = Buffer.from(Int32Array.from({ length: count }, (_, i) => (i < count / 2 ? 0 : 1)).buffer)
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}
const LABELS = { train: halves(300), test: halves(40) }

/** Keeps the labels of MANIFEST; the images are nowhere. */
export async function storeLabels(storage: BlobStorage): Promise<void> {
  for (const { bytes } of Object.values(LABELS)) await storage.put(Readable.from([bytes]))
}

export const MANIFEST: PackedDataset = {
  format: 'studyhall-packed-1',
  kind: 'CLASSIFICATION',
  height: 28,
  width: 28,
  channels: 1,
  classes: ['cat', 'dog'],
  splits: {
    train: {
      count: 300,
      shards: [{ sha256: HASH, count: 300 }],
      labelsSha256: LABELS.train.sha256,
      classCounts: [150, 150],
    },
    test: {
      count: 40,
      shards: [{ sha256: HASH, count: 40 }],
      labelsSha256: LABELS.test.sha256,
      classCounts: [20, 20],
    },
  },
  channelMeans: [0.5],
  channelDeviations: [0.25],
}

export const REPORT = {
  pictures: 340,
  ignored: [],
  ignoredCount: 0,
  leftOut: [],
  leftOutCount: 0,
  sizes: [],
  resizedCount: 0,
  notes: [],
}

export const EVALUATION = {
  testCount: 40,
  students: ['ada', 'grace'].map((name) => ({
    name,
    architecture: 'resnet-8',
    parameters: 78_000,
    top1: 0.9,
    loss: 0.3,
  })),
  ensemble: { meanPosteriorTop1: 0.95, concatenatedFeaturesTop1: 0.925 },
}

export async function insertUpload(database: Database, { teamId, userId }: Owner): Promise<string> {
  const id = newId('Upload')
  const finalized = { status: 'FINALIZED', sha256: HASH, finalizedAt: new Date() } as const
  const data = { id, teamId, createdById: userId, fileName: 'pictures.zip', byteLength: 1000n, ...finalized }
  await database.upload.create({ data })
  return id
}

/** A version with 300 training images. */
export async function insertVersion(
  database: Database,
  owner: Owner,
  status: 'READY' | 'PENDING' | 'FAILED' = 'READY',
  columns: { createdById?: string } = {},
): Promise<{ datasetId: string; versionId: string; uploadId: string }> {
  const { teamId } = owner
  const uploadId = await insertUpload(database, owner)
  const datasetId = newId('Dataset')
  await database.dataset.create({ data: { id: datasetId, teamId, name: datasetId } })
  const versionId = newId('DatasetVersion')
  const ready = { manifest: MANIFEST, report: REPORT, readyAt: new Date() }
  const failed = { failure: 'The archive is broken.' }
  const more = status === 'READY' ? ready : status === 'FAILED' ? failed : {}
  await database.datasetVersion.create({
    data: { id: versionId, teamId, datasetId, uploadId, number: 1, status, ...more, ...columns },
  })
  return { datasetId, versionId, uploadId }
}

export async function insertCohort(
  database: Database,
  { teamId }: Owner,
): Promise<{ cohortId: string; studentIds: string[] }> {
  const cohortId = newId('Cohort')
  const studentIds = [newId('Student'), newId('Student')]
  await database.cohort.create({
    data: {
      id: cohortId,
      teamId,
      name: cohortId,
      method: 'MUTUAL',
      updateRule: 'SEQUENTIAL',
      temperature: 1,
      weight: 1,
      students: {
        create: ['ada', 'grace'].map((name, position) => ({
          id: studentIds[position]!,
          name,
          position,
          architecture: 'resnet-8',
        })),
      },
    },
  })
  return { cohortId, studentIds }
}

/** A QUEUED run, without events. */
export async function insertRun(
  database: Database,
  owner: Owner,
  parts: { cohortId: string; versionId: string },
): Promise<string> {
  const { teamId, userId } = owner
  const id = newId('Run')
  const team = await database.team.update({
    where: { id: teamId },
    data: { lastRunNumber: { increment: 1 } },
  })
  await database.run.create({
    data: {
      id,
      teamId,
      number: team.lastRunNumber,
      cohortId: parts.cohortId,
      datasetVersionId: parts.versionId,
      createdById: userId,
      preset: 'quick',
      recipe: resolveRecipe('quick'),
      seed: 1,
    },
  })
  return id
}

/** What a run in a state looks like, besides its state. */
export function columnsOf(status: RunStatus): object {
  const ended = { finishedAt: new Date(), leaseUntil: null, phase: null, pauseReason: null }
  if (status === 'SUCCEEDED') return { ...ended, evaluation: EVALUATION }
  if (status === 'FAILED') return { ...ended, failureCode: 'INTERNAL', failureMessage: 'It broke.' }
  if (status === 'CANCELED') return ended
  if (status === 'PAUSED') return { leaseUntil: null, pauseReason: 'ASKED' }
  if (status !== 'QUEUED') return { leaseUntil: new Date() }
  const begun = { failureCode: null, failureMessage: null, finishedAt: null }
  return { ...begun, leaseUntil: null, pauseReason: null }
}

/** Takes a run along allowed transitions to a state. */
export async function moveRun(database: Database, id: string, statuses: RunStatus[]): Promise<void> {
  for (const status of statuses) {
    await database.run.update({ where: { id }, data: { status, ...columnsOf(status) } })
  }
}

/** A SUCCEEDED run with models, an ensemble and the file of each, whose bytes are on storage. */
export async function insertFinishedRun(
  database: Database,
  storage: BlobStorage,
  owner: Owner,
  bytes: Buffer = Buffer.from('not really a zip'),
) {
  const { teamId } = owner
  const { datasetId, versionId, uploadId } = await insertVersion(database, owner)
  const { cohortId, studentIds } = await insertCohort(database, owner)
  const runId = await insertRun(database, owner, { cohortId, versionId })
  await moveRun(database, runId, ['STARTING', 'RUNNING', 'SUCCEEDED'])
  const { sha256, byteLength } = await storage.put(Readable.from([bytes]))
  const file = {
    teamId,
    format: 'TFJS',
    fileName: 'ada.zip',
    sha256,
    byteLength: BigInt(byteLength),
  } as const
  const modelId = newId('Model')
  const numbers = { parameters: 78_000, top1: 0.9, loss: 0.3 }
  await database.model.create({ data: { id: modelId, teamId, runId, studentId: studentIds[0]!, ...numbers } })
  const artifactId = newId('Artifact')
  await database.artifact.create({ data: { id: artifactId, modelId, ...file } })
  const exportId = newId('Export')
  const asked = { teamId, modelId, format: 'ONNX', createdById: owner.userId } as const
  await database.export.create({ data: { id: exportId, ...asked } })
  const ensembleId = newId('Ensemble')
  await database.ensemble.create({ data: { id: ensembleId, teamId, runId, ...EVALUATION.ensemble } })
  await database.artifact.create({ data: { id: newId('Artifact'), ensembleId, ...file } })
  return {
    datasetId,
    versionId,
    uploadId,
    cohortId,
    studentIds,
    runId,
    modelId,
    artifactId,
    exportId,
    ensembleId,
    sha256,
  }
}

import { createHash } from 'node:crypto'
import { Cohort, teachingOf } from '../../../contract/cohort.ts'
import { PackedDataset } from '../../../contract/packed/manifest.ts'
import { preparationOf } from '../../../contract/packed/preparation.ts'
import { Recipe } from '../../../contract/recipes/recipe.ts'
import { Fork } from '../../../contract/runs/fork.ts'
import { canonicalJson, Libraries, Receipt, type WeightHashes } from '../../../contract/runs/receipt.ts'
import { studentOf } from '../../../contract/starting-weights.ts'
import type { Database, Run, WeightHash } from '../../../prisma/client.ts'

/** Where a run's receipt is downloaded; null if there is none. */
export async function findReceipt(
  { weightHash }: Database,
  { id, status }: Pick<Run, 'id' | 'status'>,
): Promise<string | null> {
  if (status !== 'SUCCEEDED') return null
  const hashed = await weightHash.findFirst({ where: { runId: id } })
  return hashed ? `/files/receipts/${id}.json` : null
}

/** A finished run's receipt; null before SUCCEEDED, and for runs recorded before weights were hashed. */
export async function readReceipt(database: Database, runId: string): Promise<Receipt | null> {
  const run = await database.run.findUniqueOrThrow({
    where: { id: runId },
    include: {
      cohort: { include: { students: { orderBy: { position: 'asc' } } } },
      datasetVersion: { include: { dataset: true } },
      weightHashes: { orderBy: { step: 'asc' } },
      forkedFrom: { select: { id: true, number: true } },
    },
  })
  const { status, finishedAt, weightHashes, datasetVersion: version } = run
  const last = weightHashes.at(-1)
  if (status !== 'SUCCEEDED' || !finishedAt || !last) return null
  const manifest = PackedDataset.parse(version.manifest)
  return Receipt.parse({
    format: 'studyhall-receipt-1',
    run: { id: runId, number: run.number, finishedAt: finishedAt.toISOString() },
    dataset: {
      name: version.dataset.name,
      version: version.number,
      height: manifest.height,
      width: manifest.width,
      channels: manifest.channels,
      preparation: preparationOf(manifest),
      sha256: sha256(canonicalJson(manifest)),
    },
    cohort: Cohort.parse({
      students: run.cohort.students.map(studentOf),
      teaching: teachingOf(run.cohort),
    }),
    ...(run.fork !== null && { fork: { ...Fork.parse(run.fork), run: run.forkedFrom } }),
    recipe: Recipe.parse(run.recipe),
    seed: run.seed,
    threadsPerOperation: run.threadsPerOperation,
    engineBuild: run.engineBuild,
    device: last.deviceName,
    libraries: Libraries.parse(last.libraries),
    weights: weightHashes.map(hashesOf),
    evaluationSha256: sha256(canonicalJson(run.evaluation)),
  })
}

function hashesOf({ step, tensors }: WeightHash): WeightHashes {
  return { step, tensors: tensors as WeightHashes['tensors'] }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

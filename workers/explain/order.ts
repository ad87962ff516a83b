import type { Cohort } from '../../contract/cohort.ts'
import { PackedDataset, splitsOf } from '../../contract/packed/manifest.ts'
import { Recipe } from '../../contract/recipes/recipe.ts'
import type { ExplainOrder } from '../../contract/runs/explanation.ts'
import type { Database, DatasetVersion, Run } from '../../prisma/client.ts'
import { findTwins } from '../../runs/experiments/find-twins.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'
import { locateBlobs } from '../training/locate-blobs.ts'
import { fetchWeights } from './fetch-weights.ts'

/** A permanent failure: retrying would not help. */
export class CannotExplain extends Error {}

/** @param folder  empty, for the weights  @throws CannotExplain where weights or images are gone */
export async function makeExplainOrder(
  { database, storage }: { database: Database; storage: BlobStorage },
  run: Run & { datasetVersion: DatasetVersion },
  cohort: Cohort,
  folder: string,
): Promise<ExplainOrder> {
  const dataset = PackedDataset.parse(run.datasetVersion.manifest)
  const { paths, remote, missing } = await locateBlobs(dataset, storage)
  if (missing.length > 0) throw new CannotExplain('Images of the dataset are no longer in the storage.')
  const looked = splitsOf(dataset).filter(([name]) => name === 'train' || name === 'test')
  const wanted = new Set(looked.flatMap(([, { shards }]) => shards.map(({ sha256 }) => sha256)))
  for (const sha256 of remote) if (wanted.has(sha256)) paths[sha256] = await storage.fetchLocal(sha256)
  const weightPaths: ExplainOrder['weightPaths'] = {}
  for (const { student, runId: aloneId, position } of await findTwins(database, run.id)) {
    const name = cohort.students[student]?.name
    if (name === undefined) continue
    const fetchOf = async (ofRun: string, place: number, file: string) =>
      fetchWeights(storage, await findWeights(database, ofRun, place), folder, file)
    const own = await fetchOf(run.id, student, `${student}-own`)
    const alone = await fetchOf(aloneId, position, `${student}-alone`)
    if (!own || !alone) throw new CannotExplain(`The weights of ${name} or of its twin are no longer there.`)
    weightPaths[name] = { own, alone }
  }
  const recipe = Recipe.parse(run.recipe)
  const threads = run.threadsPerOperation ?? undefined
  return {
    training: {
      ...{ cohort, recipe, seed: run.seed, dataset, blobPaths: paths, outputFolder: folder },
      threadsPerOperation: threads,
    },
    weightPaths,
  }
}

async function findWeights(database: Database, runId: string, position: number): Promise<string | undefined> {
  const model = await database.model.findFirst({
    where: { runId, student: { position } },
    include: { artifacts: { where: { format: 'SAFETENSORS' } } },
  })
  return model?.artifacts[0]?.sha256
}

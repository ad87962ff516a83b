import { Cohort } from '../../contract/cohort.ts'
import { PackedDataset } from '../../contract/packed-dataset.ts'
import { Recipe } from '../../contract/recipe.ts'
import type { TrainingOrder } from '../../contract/training.ts'
import type { Cohort as CohortRow, DatasetVersion, Run, Student } from '../../prisma/client.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'
import { locateBlobs } from '../datasets/locate-blobs.ts'
import { RunFailure } from './run-status.ts'

export type RunWithInputs = Run & {
  cohort: CohortRow & { students: Student[] }
  datasetVersion: DatasetVersion
}

/**
 * The order that a run's rows amount to.
 * @throws RunFailure DATASET_GONE where the dataset's blobs are not all there
 */
export async function makeTrainingOrder(
  run: RunWithInputs,
  storage: BlobStorage,
  outputFolder: string,
): Promise<TrainingOrder> {
  const { method, updateRule, partnerRule, temperature, weight, students } = run.cohort
  const dataset = PackedDataset.parse(run.datasetVersion.manifest)
  const { paths, missing } = await locateBlobs(dataset, storage)
  if (missing.length > 0)
    throw new RunFailure(
      'DATASET_GONE',
      'Files of the dataset version are missing from the storage. Import the dataset again and start a run on the new version.',
    )
  return {
    cohort: Cohort.parse({
      students: students.map(({ name, architecture }) => ({ name, architecture })),
      teaching: { method, updateRule, partnerRule, temperature, weight },
    }),
    recipe: Recipe.parse(run.recipe),
    seed: run.seed,
    dataset,
    blobPaths: paths,
    outputFolder,
  }
}

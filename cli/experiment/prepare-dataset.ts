import path from 'node:path'
import type { PackedDataset } from '../../contract/packed/manifest.ts'
import { countUnlabelled } from '../../contract/recipes/held-out.ts'
import { checkRecipeFits } from '../../contract/recipes/recipe-fits.ts'
import { DiskStorage } from '../../storage/disk.ts'
import { takeSubset } from '../../workers/datasets/edit/take-subset.ts'
import { packFromDisk } from '../train/pack-from-disk.ts'
import { UsageError } from '../train/usage-error.ts'
import type { Experiment } from './read-experiment.ts'

export interface PreparedDataset {
  dataset: PackedDataset
  /** Test images that the files have, of which a subset takes some. */
  testImages: number
}

/**
 * Packs the images once, in `folder`, and takes the experiment's subset of them.
 * @throws UsageError where no subset can be taken, or a condition's recipe does not fit the images
 */
export async function prepareDataset(
  data: string,
  { subset, conditions }: Pick<Experiment, 'subset' | 'conditions'>,
  folder: string,
  onProgress: (seen: number, total: number) => void,
  signal: AbortSignal,
): Promise<PreparedDataset> {
  const storage = new DiskStorage(path.join(folder, 'packed'))
  const { manifest } = await packFromDisk({ data }, storage, onProgress, signal)
  const dataset = await take(manifest)
  for (const { name, recipe } of conditions) {
    const misfit = checkRecipeFits(recipe, dataset.splits.train.count, countUnlabelled(dataset))
    if (misfit) throw new UsageError(`Condition ${name}: the recipe does not fit: ${misfit.reason}.`)
  }
  return { dataset, testImages: testImagesOf(manifest) }

  async function take(whole: PackedDataset): Promise<PackedDataset> {
    if (!subset) return whole
    if (whole.kind === 'CLASSIFICATION') return takeSubset(whole, storage, subset)
    throw new UsageError(
      `${data} is a retrieval dataset, of which no subset by class is taken; set subset to null.`,
    )
  }
}

export function testImagesOf({ kind, splits }: PackedDataset): number {
  return kind === 'RETRIEVAL' ? splits.query.count : splits.test.count
}

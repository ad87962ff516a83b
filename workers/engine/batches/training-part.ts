import type { PackedDataset } from '../../../contract/packed/manifest.ts'
import { hasValidation } from '../../../contract/recipes/held-out.ts'
import type { Recipe } from '../../../contract/recipes/recipe.ts'
import { holdOut } from './hold-out.ts'
import { addLabelNoise } from './label-noise.ts'
import type { Pictures } from './packed-split.ts'

/** What of a training split is learned from. */
export interface TrainingPart {
  /** With the labels that are taught. */
  learned: Pictures
  /** The labels of `learned` before label noise. */
  trueLabels: Int32Array
  /** What the recipe sets aside; undefined where it does not, or the dataset has validation images of its own. */
  validation: Pictures | undefined
  /** How many labels of the split were replaced. */
  wrongLabels: number
}

/** Replaces labels of the split in place by the recipe's label noise, then sets its validation share aside. */
export function takeTrainingPart(
  train: Pictures,
  dataset: PackedDataset,
  recipe: Recipe,
  seed: number,
): TrainingPart {
  const before = Int32Array.from(train.labels)
  const { labelNoise, validationShare } = recipe
  const wrongLabels =
    labelNoise > 0 ? addLabelNoise(train.labels, dataset.classes.length, labelNoise, seed) : 0
  if (validationShare === 0 || hasValidation(dataset))
    return { learned: train, trueLabels: before, validation: undefined, wrongLabels }
  const { learned, validation } = holdOut(train, validationShare, seed)
  const trueLabels = Int32Array.from(learned.places, (place) => before[place] as number)
  return { learned, trueLabels, validation, wrongLabels }
}

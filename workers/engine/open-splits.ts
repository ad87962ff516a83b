import type { PackedDataset } from '../../contract/packed/manifest.ts'
import { countUnlabelled, hasValidation } from '../../contract/recipes/held-out.ts'
import type { Recipe } from '../../contract/recipes/recipe.ts'
import { checkRecipeFits } from '../../contract/recipes/recipe-fits.ts'
import type { TrainingEvent, TrainingOrder } from '../../contract/training.ts'
import { PackedSplit, type Pictures, type RemoteShards } from './batches/packed-split.ts'
import { takeTrainingPart } from './batches/training-part.ts'
import type { Examination } from './evaluation/examination.ts'
import { openExamination } from './evaluation/open-examination.ts'
import { takesUnlabelled } from './teaching/stages.ts'

export interface OpenSplits {
  /** The images that the students learn from. */
  learned: Pictures
  /** The images that the best checkpoint is chosen by, if there are any. */
  validation: Pictures | undefined
  /** Images without labels, if the recipe wants any and somebody teaches. */
  unlabelled: Pictures | undefined
  examination: Examination
  close(): void
}

export function openSplits(
  order: TrainingOrder,
  onEvent: (event: TrainingEvent) => void,
  remote: RemoteShards | undefined,
): OpenSplits {
  const { cohort, dataset, blobPaths, recipe, seed } = order
  requireEnoughPictures(dataset, recipe)
  const log = (message: string) => onEvent({ type: 'log', level: 'INFO', message })
  const train = PackedSplit.open(dataset, 'train', blobPaths, remote)
  const { learned, validation, wrongLabels } = takeTrainingPart(train, dataset, recipe, seed)
  if (recipe.labelNoise > 0) {
    const share = ((100 * wrongLabels) / train.count).toFixed(2)
    log(
      `Label noise: ${wrongLabels} of ${train.count} training labels (${share} %) were redrawn, each to another class.`,
    )
  }
  const examination = openExamination(order, { train, learned: learned.count }, remote, onEvent)
  const packed = hasValidation(dataset)
    ? PackedSplit.open(dataset, 'validation', blobPaths, remote)
    : undefined
  const unlabelled = takesUnlabelled(recipe, cohort)
    ? PackedSplit.open(dataset, 'unlabelled', blobPaths, remote)
    : undefined
  if (unlabelled)
    log(`Unlabelled: ${unlabelled.count} images, of which students learn only what others say of them.`)
  else if (recipe.unlabelledRatio > 0)
    log('unlabelledRatio is not used: students that learn alone learn nothing from images without labels.')
  const close = () => {
    train.close()
    unlabelled?.close()
    packed?.close()
    examination.close()
  }
  if (packed) {
    if (recipe.validationShare > 0)
      log('validationShare is not used: the dataset has validation images of its own.')
    return { learned, validation: packed, unlabelled, examination, close }
  }
  if (validation) {
    log(`Validation: ${validation.count} of ${train.count} training images were set aside, by the seed.`)
    return { learned, validation, unlabelled, examination, close }
  }
  if (recipe.earlyStoppingEpochs !== null)
    onEvent({
      type: 'log',
      level: 'WARN',
      message:
        'There are no validation images, so that training will not stop early: set validationShare, or add a validation split.',
    })
  return { learned, validation, unlabelled, examination, close }
}

function requireEnoughPictures(dataset: PackedDataset, recipe: Recipe): void {
  const misfit = checkRecipeFits(recipe, dataset.splits.train.count, countUnlabelled(dataset))
  if (misfit) throw new Error(misfit.reason)
}

import type { PackedDataset } from '../../../contract/packed/manifest.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { type Arrangement, splitsOf } from '../formats/arrangement.ts'
import type { ImportLog } from './import-log.ts'

/** Of what headers tell. @throws InvalidDatasetError where a split or a class would have no image */
export function refuseMissing(arrangement: Arrangement, log: ImportLog): void {
  const { leftOut } = log.report()
  const firstReason = leftOut[0] ? ` The first: ${leftOut[0].path}: ${leftOut[0].reason}.` : ''
  for (const [name, pictures] of Object.entries(splitsOf(arrangement))) {
    if (pictures.length === 0)
      throw new InvalidDatasetError(`No ${PICTURES_OF[name]} could be read.${firstReason}`)
  }
  const trained = new Set(arrangement.train.map(({ label }) => label))
  const untrained = arrangement.classes.find((_, label) => !trained.has(label))
  if (untrained !== undefined)
    throw new InvalidDatasetError(
      `The class “${untrained}” has no training image that can be read.${firstReason}`,
    )
}

const PICTURES_OF: Record<string, string> = {
  train: 'training image',
  validation: 'validation image',
  unlabelled: 'image without a label',
  test: 'test image',
  query: 'query',
  gallery: 'gallery image',
}

/** Headers can be whole where the images are not. @throws InvalidDatasetError as above */
export function refuseEmpty({ classes, splits }: PackedDataset): void {
  const empty = splits.train.classCounts.indexOf(0)
  if (empty >= 0)
    throw new InvalidDatasetError(`The class “${classes[empty]}” has no training image that can be decoded.`)
  for (const [name, { count }] of Object.entries<{ count: number }>(splits)) {
    if (count === 0) throw new InvalidDatasetError(`No ${PICTURES_OF[name]} could be decoded.`)
  }
}

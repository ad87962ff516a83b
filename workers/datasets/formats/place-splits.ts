import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import {
  type ClassificationArrangement,
  type LabelledPath,
  numberClasses,
  type Placed,
} from './arrangement.ts'
import { countImages } from './folders/understanding.ts'
import { holdOutTestSet } from './hold-out-test-set.ts'
import { noteValidation } from './list-doubts.ts'

const MAX_CLASSES = 10_000
const MAX_CLASS_NAME_CHARACTERS = 200

/** An image whose class is told beside it. */
export interface Told extends Placed {
  className: string
}

export interface ToldSplits {
  train: readonly Told[]
  val?: readonly Told[] | undefined
  test?: readonly Told[] | undefined
}

/**
 * What training, validation and test images come to, for formats whose files say of each image its class and its split:
 * without test images the validation images test; without either, a part is set aside.
 * @param order  the classes in their order, where the files have one; else they are sorted
 */
export function placeSplits(
  { train, val, test }: ToldSplits,
  order?: readonly string[],
): Omit<ClassificationArrangement, 'kind' | 'ignored'> {
  const testing = test ?? val
  const used = new Set([...train, ...(testing ?? [])].map(({ className }) => className))
  const classes = order ? order.filter((name) => used.has(name)) : [...used].sort()
  refuseClasses(classes)
  const labelOf = numberClasses(classes)
  const place = (pictures: readonly Told[]): LabelledPath[] =>
    pictures.map(({ className, ...picture }) => ({ ...picture, label: labelOf(className) }))
  const trained = new Set(train.map(({ className }) => className))
  const validating = test && val ? val : []
  const validation = validating.filter(({ className }) => trained.has(className))
  const parts = testing ? { train: place(train), test: place(testing) } : holdOutTestSet(place(train))
  return {
    classes,
    train: parts.train,
    ...(validation.length > 0 && { validation: place(validation) }),
    test: parts.test,
    leftOut: validating
      .filter(({ className }) => !trained.has(className))
      .map(({ path }) => ({ path, reason: 'it is a validation image of a class without training images' })),
    notes: [
      ...(!test && val ? [`${countImages(val.length)} for validation were taken as the test images.`] : []),
      ...(validation.length > 0 ? [noteValidation(validation.length)] : []),
      ...('note' in parts ? [parts.note] : []),
    ],
    doubts: [],
  }
}

function refuseClasses(classes: readonly string[]): void {
  if (classes.length < 2)
    throw new InvalidDatasetError(
      classes.length === 1
        ? `All images have the label “${classes[0]}”: two classes at least are needed.`
        : 'No image has a label: two classes at least are needed.',
    )
  if (classes.length > MAX_CLASSES)
    throw new InvalidDatasetError(
      `There are ${classes.length.toLocaleString('en')} different labels; at most ${MAX_CLASSES.toLocaleString('en')} are classes.`,
    )
  const long = classes.find((name) => name.length > MAX_CLASS_NAME_CHARACTERS)
  if (long)
    throw new InvalidDatasetError(
      `The class name “${long.slice(0, 40)}…” is longer than ${MAX_CLASS_NAME_CHARACTERS} characters.`,
    )
}

/** Numbers as names, all as long as the longest, so that they sort as numbers do. */
export function nameNumbers(numbers: readonly number[]): (number: number) => string {
  const digits = numbers.reduce((most, number) => Math.max(most, String(number).length), 1)
  return (number) => String(number).padStart(digits, '0')
}

/** Labels that a table holds otherwise than it means them. */
import type { Doubt } from '../../../contract/dataset-doubts.ts'

/**
 * Where all labels are whole numbers, 3.0 is 3: a table with a gap in the column writes all of it so.
 * @returns a note on it
 */
export function unifyNumbers(pictures: readonly { label: string }[], path: string): string[] {
  const labelled = pictures.filter(({ label }) => label !== '')
  const first = labelled.find(({ label }) => label.includes('.'))?.label
  if (first === undefined || !labelled.every(({ label }) => /^-?\d{1,15}(\.0*)?$/.test(label))) return []
  for (const picture of labelled) picture.label = picture.label.replace(/\..*$/, '')
  return [`“${path}” writes its labels as ${first}; they were read as whole numbers.`]
}

/** Of rows with a column for each class, in which several are set. */
export function doubtSeveralLabels(several: readonly string[], path: string): Doubt[] {
  const [first] = several
  if (first === undefined) return []
  const count = several.length.toLocaleString('en')
  return [
    {
      kind: 'SEVERAL_LABELS',
      message: `“${path}” gives ${several.length === 1 ? '1 image' : `${count} images`} several labels, the first “${first}”: left out, since one label each is learned here.`,
      remedy: 'Give each image one label, or leave those images out.',
    },
  ]
}

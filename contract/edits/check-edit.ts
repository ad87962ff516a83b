import { type ClassificationDataset, type PackedDataset, splitsOf } from '../packed/manifest.ts'
import { labelsIn, type VersionNumbers } from '../packed/numbers.ts'
import { findRetrievalProblem } from './check-retrieval-edit.ts'
import { type DatasetEdit, otherSplit, placesIn } from './dataset-edit.ts'
import type { EditProblem } from './edit-problem.ts'

/**
 * Why an edit is invalid, or null. Checked before the edit is queued, and again by the worker that applies
 * it.
 */
export function findEditProblem(
  dataset: PackedDataset,
  numbers: VersionNumbers,
  edit: DatasetEdit,
): EditProblem | null {
  const missing = findMissingPlace(dataset, edit)
  if (missing) return missing
  return dataset.kind === 'CLASSIFICATION'
    ? findClassProblem(dataset, numbers, edit)
    : findRetrievalProblem(dataset, numbers, edit)
}

function findMissingPlace(dataset: PackedDataset, edit: DatasetEdit): EditProblem | null {
  const counts = new Map(splitsOf(dataset).map(([name, { count }]) => [name, count]))
  for (const part of ['drop', 'move'] as const) {
    for (const { split, indices } of edit[part]) {
      const count = counts.get(split)
      if (count === undefined) {
        const known = [...counts.keys()].join(', ')
        return { part, message: `There is no split “${split}” in this version; there are ${known}.` }
      }
      const beyond = indices.find((index) => index >= count)
      if (beyond !== undefined)
        return { part, message: `There is no image ${beyond} in “${split}”, which has ${count}.` }
    }
  }
  return null
}

function findClassProblem(
  { classes }: ClassificationDataset,
  numbers: VersionNumbers,
  edit: DatasetEdit,
): EditProblem | null {
  if (edit.move.some(({ split }) => split === 'unlabelled'))
    return {
      part: 'move',
      message: 'Images without labels cannot be trained on or tested with: give them labels first.',
    }
  const names = new Map(classes.map((name) => [name, name]))
  for (const { from, to } of edit.rename) {
    if (!names.has(from)) return { part: 'rename', message: `There is no class “${from}”.` }
    names.set(from, to)
  }
  const after = classesAfter(numbers, edit, (labels) =>
    classes.filter((_, label) => labels.has(label)).map((name) => names.get(name) ?? name),
  )
  const untrained = [...after.test, ...after.validation].find((name) => !after.train.has(name))
  const part = edit.drop.length > 0 ? 'drop' : edit.move.length > 0 ? 'move' : 'rename'
  if (untrained !== undefined)
    return {
      part,
      message: `The class “${untrained}” would have ${after.test.has(untrained) ? 'test' : 'validation'} images but no training image.`,
    }
  if (after.train.size < 2) return { part, message: 'Fewer than two classes would be left.' }
  if (after.test.size === 0) return { part, message: 'No test image would be left.' }
  return null
}

function classesAfter(
  numbers: VersionNumbers,
  { drop, move }: DatasetEdit,
  namesOf: (labels: Set<number>) => string[],
) {
  const seen = { train: new Set<number>(), validation: new Set<number>(), test: new Set<number>() }
  for (const split of ['train', 'validation', 'test'] as const) {
    if (!numbers[split]) continue
    const other = otherSplit(split)
    const [dropped, moved] = [placesIn(drop, split), placesIn(move, split)]
    labelsIn(numbers, split).forEach((label, index) => {
      if (!dropped.has(index)) seen[moved.has(index) ? other : split].add(label)
    })
  }
  return {
    train: new Set(namesOf(seen.train)),
    validation: new Set(namesOf(seen.validation)),
    test: new Set(namesOf(seen.test)),
  }
}

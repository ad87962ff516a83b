import { countOf } from '../../../design/format-numbers.ts'

interface Places {
  split: string
  indices: number[]
}

/** As the API gives it: `DatasetVersion.edit`. */
export interface Edit {
  drop: Places[]
  move: Places[]
  rename: { from: string; to: string }[]
  subset: { trainPerClass: number | null; testPerClass: number | null; seed: number } | null
}

/** What an edit does, in short lines. */
export function describeEdit({ drop, move, rename, subset }: Edit): string[] {
  const lines: string[] = []
  for (const { split, indices } of drop)
    lines.push(`${countOf(indices.length, 'image')} of ${split} left out`)
  for (const { split, indices } of move)
    lines.push(`${countOf(indices.length, 'image')} from ${split} to ${split === 'train' ? 'test' : 'train'}`)
  for (const { from, to } of rename) lines.push(`“${from}” became “${to}”`)
  if (subset?.trainPerClass != null) lines.push(`at most ${subset.trainPerClass} of each class in train`)
  if (subset?.testPerClass != null) lines.push(`at most ${subset.testPerClass} of each class in test`)
  return lines
}

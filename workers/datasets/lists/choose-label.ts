/** Where several columns may be the labels: which one is. */
import type { Doubt } from '../../../contract/dataset-doubts.ts'

/**
 * The first of them; or one that names the same classes, where the first only numbers them. What says other classes is told.
 * Of a table in the order of its labels the sample may be all of one class, which says nothing of the others: then the
 * first is taken.
 * @param columns  that may be the labels, the likeliest first
 */
export function chooseLabel(
  first: number,
  columns: readonly number[],
  header: readonly string[],
  sample: readonly (readonly string[])[],
): { label: number; doubts: Doubt[] } {
  const valuesOf = (column: number) => sample.map((row) => row[column]?.trim() ?? '')
  const values = valuesOf(first)
  if (new Set(values).size < 2) return { label: first, doubts: [] }
  const others = columns.filter((column) => column !== first)
  const same = others.filter((column) => groupAlike(values, valuesOf(column)))
  const label = values.every(isNumber)
    ? (same.find((column) => valuesOf(column).every((value) => value !== '' && !isNumber(value))) ?? first)
    : first
  const different = others.filter((column) => !same.includes(column))
  return { label, doubts: doubtOthers(label, different, header) }
}

function isNumber(text: string): boolean {
  return /^-?\d+(\.\d*)?$/.test(text)
}

/** Whether rows have the same value in the one where they have in the other. */
function groupAlike(some: readonly string[], others: readonly string[]): boolean {
  const [to, from] = [new Map<string, string>(), new Map<string, string>()]
  return some.every((value, row) => {
    const other = others[row] ?? ''
    const isAlike = (to.get(value) ?? other) === other && (from.get(other) ?? value) === value
    to.set(value, other)
    from.set(other, value)
    return isAlike
  })
}

function doubtOthers(label: number, different: readonly number[], header: readonly string[]): Doubt[] {
  if (different.length === 0) return []
  const nameOf = (column: number) => `“${header[column]?.trim().slice(0, 40)}”`
  return [
    {
      kind: 'SEVERAL_CANDIDATES',
      message: `The labels were taken from the column ${nameOf(label)}, and not from ${different.slice(0, 4).map(nameOf).join(', ')}, which ${different.length === 1 ? 'says' : 'say'} other classes.`,
      remedy: 'If another column was meant, leave only that one in the list.',
    },
  ]
}

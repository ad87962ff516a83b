/** How many test images of a class were predicted as a class. */
export interface Cell {
  class: number
  takenFor: number
  count: number
}

export type ClassOrder = 'DATASET' | 'MISTAKES' | 'ALIKE'

/** The visible square of the matrix: its first row and column in display order, and its size. */
export interface Viewport {
  row: number
  column: number
  size: number
}

/** Number of test images per class. */
export function totalsOf(cells: readonly Cell[]): Map<number, number> {
  const totals = new Map<number, number>()
  for (const cell of cells) totals.set(cell.class, (totals.get(cell.class) ?? 0) + cell.count)
  return totals
}

/** Only the mistakes, most common first. */
export function mistakesIn(cells: readonly Cell[]): Cell[] {
  return cells.filter((cell) => cell.class !== cell.takenFor).sort((a, b) => b.count - a.count)
}

/**
 * Orders the classes: as in the dataset; by mistakes that involve them, most first; or so that each is
 * followed by the remaining class that it is confused with most.
 */
export function orderClasses(classCount: number, cells: readonly Cell[], order: ClassOrder): number[] {
  const all = Array.from({ length: classCount }, (_, index) => index)
  if (order === 'DATASET') return all
  const between = new Map<number, Map<number, number>>(all.map((index) => [index, new Map()]))
  const mistakes = new Map<number, number>()
  const mistakesOf = (index: number) => mistakes.get(index) ?? 0
  for (const { class: one, takenFor: other, count } of mistakesIn(cells)) {
    for (const [a, b] of [
      [one, other],
      [other, one],
    ] as const) {
      mistakes.set(a, mistakesOf(a) + count)
      const others = between.get(a)
      others?.set(b, (others.get(b) ?? 0) + count)
    }
  }
  const worstFirst = all.toSorted((a, b) => mistakesOf(b) - mistakesOf(a) || a - b)
  return order === 'MISTAKES' ? worstFirst : chain(worstFirst, between)
}

function chain(worstFirst: number[], between: Map<number, Map<number, number>>): number[] {
  const left = new Set(worstFirst)
  const ordered: number[] = []
  let next: number | undefined = worstFirst[0]
  while (next !== undefined) {
    ordered.push(next)
    left.delete(next)
    const likes: [number, number][] = [...(between.get(next) ?? [])].filter(([other]) => left.has(other))
    const [nearest] = likes.sort(([a, m], [b, n]) => n - m || a - b)
    next = nearest ? nearest[0] : worstFirst.find((index) => left.has(index))
  }
  return ordered
}

/** Zoom levels in classes per side, from all to a few. */
export function viewportSizes(classCount: number): number[] {
  return [classCount, ...[40, 20, 10].filter((size) => size < classCount)]
}

/** Scrolls only as far as needed to bring a cell into view. */
export function viewportWith(
  { row, column, size }: Viewport,
  cell: [row: number, column: number],
  classCount: number,
): Viewport {
  const shift = (first: number, place: number) =>
    Math.max(0, Math.min(classCount - size, Math.max(place - size + 1, Math.min(first, place))))
  return { size, row: shift(row, cell[0]), column: shift(column, cell[1]) }
}

/** Centres the viewport on a cell. */
export function viewportAround(
  cell: [row: number, column: number],
  size: number,
  classCount: number,
): Viewport {
  const first = (place: number) => Math.max(0, Math.min(classCount - size, place - Math.floor(size / 2)))
  return { size, row: first(cell[0]), column: first(cell[1]) }
}

import { describe, expect, it } from 'vitest'
import {
  type Cell,
  mistakesIn,
  orderClasses,
  totalsOf,
  viewportAround,
  viewportSizes,
  viewportWith,
} from '../../web/features/runs/evaluation/confusion.ts'

/** Of four classes: 3 is taken for 0 eight times, 1 for 2 five times, 0 for 1 once. */
const CELLS: Cell[] = [
  { class: 0, takenFor: 0, count: 9 },
  { class: 0, takenFor: 1, count: 1 },
  { class: 1, takenFor: 2, count: 5 },
  { class: 1, takenFor: 1, count: 5 },
  { class: 2, takenFor: 2, count: 10 },
  { class: 3, takenFor: 0, count: 8 },
  { class: 3, takenFor: 3, count: 2 },
]

it('counts each class, and lists the mistakes, most common first', () => {
  expect([...totalsOf(CELLS)]).toEqual([0, 1, 2, 3].map((label) => [label, 10]))
  expect(mistakesIn(CELLS).map(({ count }) => count)).toEqual([8, 5, 1])
})

describe('classes stand', () => {
  it.each([
    ['as in the dataset', 'DATASET', [0, 1, 2, 3]],
    ['by mistakes, of them or for them', 'MISTAKES', [0, 3, 1, 2]],
    ['each beside what it is confused with most', 'ALIKE', [0, 3, 1, 2]],
  ] as const)('%s', (_, order, expected) => {
    expect(orderClasses(4, CELLS, order)).toEqual(expected)
  })

  it('each once, however they are confused', () => {
    const cells = Array.from({ length: 100 }, (_, i) => ({
      class: i,
      takenFor: (i * 37) % 100,
      count: 1 + (i % 7),
    }))
    for (const order of ['MISTAKES', 'ALIKE'] as const) {
      const classes = orderClasses(100, cells, order)
      expect(classes.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i))
    }
    expect(orderClasses(3, [], 'ALIKE')).toEqual([0, 1, 2])
  })
})

describe('what is in sight', () => {
  it('goes from all classes to ten', () => {
    expect(viewportSizes(100)).toEqual([100, 40, 20, 10])
    expect(viewportSizes(10)).toEqual([10])
  })

  it('moves no further than a cell asks for, and never past the matrix', () => {
    const sight = { row: 10, column: 10, size: 20 }
    expect(viewportWith(sight, [15, 29], 100)).toEqual(sight)
    expect(viewportWith(sight, [30, 9], 100)).toEqual({ row: 11, column: 9, size: 20 })
    expect(viewportWith(sight, [99, 0], 100)).toEqual({ row: 80, column: 0, size: 20 })
    expect(viewportAround([99, 50], 20, 100)).toEqual({ row: 80, column: 40, size: 20 })
    expect(viewportAround([3, 97], 100, 100)).toEqual({ row: 0, column: 0, size: 100 })
  })
})

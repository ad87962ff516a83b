import { describe, expect, it } from 'vitest'
import {
  classCurveLines,
  MEAN_LABEL,
} from '../../../web/features/runs/evaluation/class-curves/class-curve-lines.ts'
import {
  readClasses,
  readStudent,
  writeClasses,
} from '../../../web/features/runs/evaluation/class-curves/class-curves-choice.ts'

describe('the curves of classes in an address', () => {
  it.each([
    ['3.7.12', [3, 7, 12]],
    ['7.7.1e3.-2.x.100', [7]],
    ['', null],
    [null, null],
    [writeClasses(Array.from({ length: 30 }, (_, i) => i)), Array.from({ length: 20 }, (_, i) => i)],
  ])('%s are those of %o', (text, classes) => {
    expect(readClasses(text, 100)).toEqual(classes)
  })

  it.each([
    ['1', 2, 1],
    ['2', 2, 0],
    ['ensemble', 2, null],
    ['ensemble', 1, 0],
    [null, 2, 0],
  ])('are of %s, with %i students: %s', (text, students, position) => {
    expect(readStudent(text, students)).toBe(position)
  })
})

it('the mean is the first line, and each class has a look of its own', () => {
  const curves = {
    steps: [5, 10],
    mean: [0.25, 0.5],
    classes: [
      { class: 1, recall: [0, 1] },
      { class: 9, recall: [0.5, 0] },
    ],
  }
  const lines = classCurveLines(curves, ['cat', 'dog'], { scheme: 'light', xs: [1, 2] })
  expect(lines.map(({ label, values, xs }) => [label, values, xs])).toEqual([
    [MEAN_LABEL, [0.25, 0.5], [1, 2]],
    ['dog', [0, 1], [1, 2]],
    ['class 9', [0.5, 0], [1, 2]],
  ])
  expect(new Set(lines.map(({ colour }) => colour)).size).toBe(3)
})

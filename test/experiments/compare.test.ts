import { describe, expect, it } from 'vitest'
import { type Comparison, compareArms } from '../../experiments/compare.ts'
import { recordOf } from './records.ts'

const pair = ['resnet-8', 'resnet-8']

function find(comparisons: Comparison[], arm: string, measure: string): Comparison | undefined {
  return comparisons.find((one) => one.arm === arm && one.measure.name === measure)
}

describe('a student', () => {
  const compared = compareArms(
    recordOf({
      arms: {
        alone: {
          students: ['wrn-10-1', 'resnet-8'],
          method: 'INDEPENDENT',
          top1: [
            [0.5, 0.4],
            [0.6, 0.4],
          ],
        },
        mutual: {
          students: ['wrn-10-1', 'resnet-8'],
          method: 'MUTUAL',
          top1: [
            [0.4, 0.5],
            [0.5, 0.5],
          ],
        },
      },
    }),
  )

  it('is compared with the one of its own name and architecture, seed by seed', () => {
    const strong = find(compared, 'mutual', 'student-1 (wrn-10-1)')?.difference
    const weak = find(compared, 'mutual', 'student-2 (resnet-8)')?.difference
    expect(strong?.values).toEqual([0.4 - 0.5, 0.5 - 0.6])
    expect(weak?.values).toEqual([0.5 - 0.4, 0.5 - 0.4])
    expect(strong).toMatchObject({ above: 0, below: 2, pairs: 2 })
  })

  it('has its row beside the average and the best, which hide what becomes of it', () => {
    expect(find(compared, 'mutual', 'average student')?.difference?.mean).toBeCloseTo(0, 12)
    expect(find(compared, 'mutual', 'best student')?.values).toEqual([0.5, 0.5])
  })

  it('is measured beside its accuracy, and so are two of them', () => {
    const named = (name: string) => find(compared, 'mutual', name)?.spread.mean
    expect(named('test loss, average student')).toBeCloseTo(1.525, 12)
    expect(named('calibration error, average student')).toBeCloseTo(0.1, 12)
    expect(named('entropy of the posterior, average student')).toBeCloseTo(0.5, 12)
    expect(named('disagreement of two students')).toBeCloseTo(0.2, 12)
    expect(named('correlation of errors')).toBeCloseTo(0.4, 12)
    expect(named('spread among students')).toBeCloseTo(Math.SQRT1_2 * 0.05, 12)
  })
})

it('a frozen teacher stands apart, and in no average', () => {
  const compared = compareArms(
    recordOf({
      arms: {
        alone: {
          students: pair,
          method: 'INDEPENDENT',
          top1: [
            [0.9, 0.4],
            [0.9, 0.5],
          ],
        },
        distilled: {
          students: pair,
          method: 'DISTILLATION',
          top1: [
            [0.9, 0.6],
            [0.9, 0.6],
          ],
        },
      },
    }),
  )
  expect(find(compared, 'distilled', 'frozen teacher student-1 (resnet-8)')).toMatchObject({
    values: [0.9, 0.9],
    difference: null,
  })
  const average = find(compared, 'distilled', 'average student')
  expect(average?.values).toEqual([0.6, 0.6])
  // With the second student of the control, not with the average of both.
  expect(average?.difference?.values.map((value) => value.toFixed(3))).toEqual(['0.200', '0.100'])
})

it('the average of a larger cohort of one architecture is compared with that of a smaller one', () => {
  const compared = compareArms(
    recordOf({
      arms: {
        'K = 1': { students: ['resnet-8'], method: 'INDEPENDENT', top1: [[0.5], [0.5]] },
        'K = 2': {
          students: pair,
          method: 'MUTUAL',
          top1: [
            [0.5, 0.7],
            [0.6, 0.6],
          ],
        },
      },
    }),
  )
  expect(find(compared, 'K = 2', 'average student')?.difference?.mean).toBeCloseTo(0.1, 12)
  expect(find(compared, 'K = 2', 'student-2 (resnet-8)')?.difference).toBeNull()
})

it('averages of different networks are compared with nothing', () => {
  const compared = compareArms(
    recordOf({
      arms: {
        alone: {
          students: pair,
          method: 'INDEPENDENT',
          top1: [
            [0.5, 0.5],
            [0.5, 0.5],
          ],
        },
        mixed: {
          students: ['resnet-8', 'wrn-10-1'],
          method: 'MUTUAL',
          top1: [
            [0.5, 0.9],
            [0.6, 0.9],
          ],
        },
      },
    }),
  )
  expect(find(compared, 'mixed', 'average student')?.difference).toBeNull()
  expect(find(compared, 'mixed', 'ensemble, mean posterior')?.difference).toBeNull()
  expect(find(compared, 'mixed', 'student-1 (resnet-8)')?.difference?.pairs).toBe(2)
})

it('a trial that failed takes its own pair along and no other', () => {
  const compared = compareArms(
    recordOf({
      arms: {
        alone: {
          students: pair,
          method: 'INDEPENDENT',
          top1: [
            [0.4, 0.4],
            [0.5, 0.5],
            [0.5, 0.5],
          ],
        },
        mutual: { students: pair, method: 'MUTUAL', top1: [[0.5, 0.5], null, [0.6, 0.6]] },
        other: {
          students: pair,
          method: 'MUTUAL',
          top1: [
            [0.5, 0.5],
            [0.5, 0.5],
            [0.6, 0.6],
          ],
        },
      },
    }),
  )
  expect(find(compared, 'mutual', 'average student')?.difference?.pairs).toBe(2)
  expect(find(compared, 'other', 'average student')?.difference?.pairs).toBe(3)
})

it('Holm’s correction is over the comparisons of a table', () => {
  const arm = {
    students: pair,
    method: 'MUTUAL',
    top1: [
      [0.5, 0.51],
      [0.56, 0.53],
      [0.6, 0.62],
    ],
  }
  const compared = compareArms(
    recordOf({
      arms: {
        alone: {
          students: pair,
          method: 'INDEPENDENT',
          top1: [
            [0.4, 0.4],
            [0.41, 0.4],
            [0.4, 0.42],
          ],
        },
        mutual: arm,
      },
    }),
  )
  const main = compared.filter(({ measure, difference }) => measure.part === 'MAIN' && difference)
  const ps = main.map(({ difference }) => difference!.tP!).sort((a, b) => a - b)
  expect(ps).toHaveLength(2)
  const least = main.find(({ difference }) => difference!.tP === ps[0])
  expect(least?.difference?.holmP).toBeCloseTo(2 * ps[0]!, 12)
})

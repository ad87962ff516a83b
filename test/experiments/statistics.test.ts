import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { permutationP, signTestP } from '../../experiments/statistics/exact-tests.ts'
import { holmCorrected } from '../../experiments/statistics/holm.ts'
import { pairedDifference, spreadOf } from '../../experiments/statistics/paired-difference.ts'
import { twoSidedP, twoSidedQuantile } from '../../experiments/statistics/student-t.ts'

interface Reference {
  samples: {
    differences: number[]
    mean: number
    deviation: number
    low: number
    high: number
    tP: number
    signP: number
    permutationP: number
  }[]
  quantiles: { p: number; degreesOfFreedom: number; t: number }[]
  holm: { ps: number[]; corrected: number[] }[]
}
const file = new URL('../references/statistics.json', import.meta.url)
const reference: Reference = JSON.parse(readFileSync(file, 'utf8'))

/** To nine digits, near 0 too. */
function expectNear(value: number | null | undefined, wanted: number) {
  expect(value).not.toBeNull()
  expect(Math.abs((value as number) - wanted)).toBeLessThanOrEqual(1e-9 * Math.max(Math.abs(wanted), 1e-3))
}

describe('paired differences', () => {
  it.each(reference.samples.map((sample) => [sample.differences.length, sample] as const))(
    '(%i of them) have the deviation, interval and p that SciPy gives them',
    (_, wanted) => {
      const said = pairedDifference(wanted.differences)
      expectNear(said.mean, wanted.mean)
      expectNear(said.deviation, wanted.deviation)
      expectNear(said.interval?.low, wanted.low)
      expectNear(said.interval?.high, wanted.high)
      expectNear(said.tP, wanted.tP)
      expectNear(said.signP, wanted.signP)
      expectNear(said.permutationP, wanted.permutationP)
    },
  )

  it('of one pair have neither interval nor p of a t-test, and no exact test finds anything in them', () => {
    expect(pairedDifference([0.3])).toMatchObject({ deviation: null, interval: null, tP: null })
    expect(pairedDifference([0.3])).toMatchObject({ signP: 1, permutationP: 1 })
  })

  it('that are all 0 speak for nothing', () => {
    expect(pairedDifference([0, 0, 0])).toMatchObject({
      above: 0,
      below: 0,
      tP: 1,
      signP: 1,
      permutationP: 1,
    })
  })

  it('are counted by their sign, and 0 by none', () => {
    expect(pairedDifference([1, -1, 0, 2])).toMatchObject({ pairs: 4, above: 2, below: 1 })
  })

  it('of five seeds cannot have an exact p below 2/32', () => {
    expect(permutationP([1, 2, 3, 4, 5])).toBe(2 / 32)
    expect(signTestP([1, 2, 3, 4, 5])).toBe(2 / 32)
  })

  it('are not permuted where there are too many to count', () => {
    expect(permutationP(new Array(21).fill(1))).toBeNull()
  })
})

describe('Student’s t', () => {
  it.each(reference.quantiles)('with %o is SciPy’s', ({ p, degreesOfFreedom, t }) => {
    expectNear(twoSidedQuantile(p, degreesOfFreedom), t)
    expectNear(twoSidedP(t, degreesOfFreedom), p)
  })
})

it.each(reference.holm)('Holm’s correction of %o is that of statsmodels', ({ ps, corrected }) => {
  for (const [i, p] of holmCorrected(ps).entries()) expectNear(p, corrected[i] as number)
})

it('takes the deviation of a sample, and none of a single value', () => {
  expect(spreadOf([1, 2, 3, 4])).toEqual({ mean: 2.5, deviation: Math.sqrt(5 / 3) })
  expect(spreadOf([0.5])).toEqual({ mean: 0.5, deviation: null })
})

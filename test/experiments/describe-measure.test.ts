import { expect, it } from 'vitest'
import type { ExplanationMeasure } from '../../contract/runs/explanation.ts'
import { describeMeasure } from '../../experiments/why/describe-measure.ts'

const measure = (difference: ExplanationMeasure['difference']): ExplanationMeasure => ({
  ...{ name: 'LOSS_RISE_PLAIN', student: 'ada', level: 0.01, own: 1, alone: 1.2, difference },
})

it('says that a difference is seen only where its interval excludes 0', () => {
  // Five draws: t of 95 % with 4 degrees of freedom is 2.776, and the standard error is 0.1 / sqrt(5).
  const seen = describeMeasure(measure({ mean: -0.2, deviation: 0.1, count: 5 }))
  expect(seen.interval!.low).toBeCloseTo(-0.2 - (2.7764 * 0.1) / Math.sqrt(5), 4)
  expect(seen.words).toBe('flatter minimum: -0.200 (between -0.324 and -0.076)')
  expect(describeMeasure(measure({ mean: 0.2, deviation: 0.1, count: 5 })).words).toMatch(
    /^sharper minimum: /,
  )
  expect(describeMeasure(measure({ mean: -0.1, deviation: 0.1, count: 5 })).words).toBe(
    'no difference seen (between -0.224 and +0.024)',
  )
})

it('claims nothing of one number', () => {
  expect(describeMeasure(measure(null)).words).toBe('-0.200, without an interval')
})

it('tells shares in percentage points', () => {
  const share = { ...measure({ mean: 0.0123, deviation: 0.01, count: 100 }), name: 'RUNNER_UP_MASS' as const }
  expect(describeMeasure(share).words).toBe('more on the runner-up: +1.23 points (between +1.03 and +1.43)')
})

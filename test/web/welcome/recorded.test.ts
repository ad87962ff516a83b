import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { measuredResult } from '../../../scripts/landing/measured-result.ts'
import recorded from '../../../web/features/welcome/recorded/result.json'
import {
  EPOCHS,
  epochOf,
  measuredUntil,
  RUN,
  STEPS,
  STUDENTS,
} from '../../../web/features/welcome/replayed-run.ts'

describe('what the landing page shows', () => {
  it('is what the experiment’s results say: `npx tsx scripts/write-landing-result.ts` after they have changed', () => {
    const results = JSON.parse(readFileSync(recorded.file, 'utf8'))
    expect(recorded).toEqual(JSON.parse(JSON.stringify(measuredResult(recorded.file, results))))
    expect(recorded.rows.map(({ verdict }) => verdict)).toContain('NO_EFFECT_SEEN')
  })

  it('ends at the figures that the recorded run was evaluated with', () => {
    for (const [i, { top1 }] of STUDENTS.entries())
      expect(measuredUntil(i, 'testTop1', STEPS).values.at(-1)).toBe(top1)
  })

  it('has of each step only what had been measured by then', () => {
    const [series] = RUN.metrics.filter(({ student, name }) => student === 1 && name === 'testTop1')
    const second = series?.steps[1] ?? 0
    expect(measuredUntil(1, 'testTop1', second - 1).steps).toEqual(series?.steps.slice(0, 1))
    expect(measuredUntil(1, 'testTop1', second).values).toEqual(series?.values.slice(0, 2))
    expect(measuredUntil(1, 'mutualLoss', 0)).toEqual({ steps: [], values: [] })
    expect([0, second - 1, second, STEPS].map(epochOf)).toEqual([1, 2, 3, EPOCHS])
  })
})

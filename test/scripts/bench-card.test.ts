import { describe, expect, it } from 'vitest'
import { COHORTS, planOf } from '../../scripts/bench/card/plan.ts'
import { cohortOf } from '../../scripts/bench/step/options.ts'

describe('the race on a card', () => {
  it('runs every cohort in all three ways, which differ in nothing else', () => {
    for (const cohort of COHORTS) {
      const plan = planOf(cohort, { batch: 32 })
      expect(
        plan.map(({ options }) => [options.mode, options.stepsPerCall > 1, options.picturesOnDevice]),
      ).toEqual([
        ['PLAIN', false, false],
        ['PLAIN', true, true],
        ['COMPILED', true, true],
      ])
      const common = plan.map(({ options: { mode, stepsPerCall, picturesOnDevice, ...rest } }) => rest)
      expect(new Set(common.map((each) => JSON.stringify(each))).size).toBe(1)
      expect(common[0]).toMatchObject({ ...cohort, batch: 32, classes: 100 })
    }
  })

  it('names architectures that there are', () => {
    for (const { students, update, precision } of COHORTS)
      expect(() => cohortOf(planOf({ students, update, precision })[0]!.options)).not.toThrow()
  })
})

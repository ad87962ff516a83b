import { describe, expect, it } from 'vitest'
import { comparedLines } from '../../../web/features/run-compare/compared-lines.ts'
import type { ComparedRunFragment } from '../../../web/graphql/generated/operations.ts'

/** A run of two students with losses of `loss` ± 1, two steps an epoch, a second a step. */
function runOf(number: number, loss: number, recipe: object = { epochs: 2 }) {
  const metrics = [-1, 1].map((by, student) => ({
    ...{ student, name: 'loss', steps: [1, 2, 4] },
    values: [loss + by, loss + by, loss + by],
  }))
  const parts = {
    cohort: { id: 'coh_1' },
    datasetVersion: { id: 'ver_1' },
    progress: { steps: 4, epochs: 2 },
  }
  const pace = { steps: [1, 4], seconds: [number, 4 * number] }
  return { number, recipe, metrics, pace, ...parts } as unknown as ComparedRunFragment
}
const runs = [runOf(1, 2), runOf(2, 4), runOf(3, 9, { epochs: 3 })]
const draw = (axis: 'step' | 'epoch' | 'time', lines: 'each' | 'mean' | 'seeds') =>
  comparedLines(runs, 'loss', { axis, lines }, 'light').map(({ colour, dash, ...line }) => line)

describe('the lines of compared runs', () => {
  it('are the mean of each run’s students, with the band of their deviation where it is asked for', () => {
    const steps = [1, 2, 4]
    expect(draw('step', 'each')[0]).toEqual({ label: 'Run 1', steps, values: [2, 2, 2] })
    const deviations = [Math.SQRT2, Math.SQRT2, Math.SQRT2]
    expect(draw('step', 'mean')[1]).toEqual({ label: 'Run 2', steps, values: [4, 4, 4], deviations })
  })

  it('are one for runs that differ in their seeds only, with the deviation over them', () => {
    const [together, alone, ...others] = draw('step', 'seeds')
    expect(others).toEqual([])
    expect(together).toMatchObject({ label: 'Runs 1, 2', values: [3, 3, 3] })
    expect(together?.deviations?.[0]).toBeCloseTo(Math.SQRT2)
    expect(alone).toMatchObject({ label: 'Run 3', deviations: [0, 0, 0] })
  })

  it('stand at epochs, or at the seconds at which each run reached its steps', () => {
    expect(draw('epoch', 'each')[0]?.xs).toEqual([0.5, 1, 2])
    expect(draw('time', 'each').map(({ xs }) => xs)).toEqual([
      [1, 2, 4],
      [2, 4, 8],
      [3, 6, 12],
    ])
    expect(draw('time', 'seeds')[0]?.xs).toEqual([1.5, 3, 6])
  })
})

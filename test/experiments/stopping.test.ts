import { describe, expect, it } from 'vitest'
import { compareArms } from '../../experiments/compare.ts'
import { decidingLook } from '../../experiments/decide.ts'
import { markdownReport } from '../../experiments/markdown-report.ts'
import type { ExperimentRecord } from '../../experiments/record.ts'
import { levelsAt } from '../../experiments/statistics/alpha-spending.ts'
import { normalTail, normalUpperQuantile } from '../../experiments/statistics/normal.ts'
import { pairedDifference } from '../../experiments/statistics/paired-difference.ts'
import { confidenceAt, Stopping } from '../../experiments/stopping.ts'
import { recordOf } from './records.ts'

const LOOKS = [3, 5, 8]

/** Differences of the mutual student from the one that learns alone, seed by seed; null where its trial failed. */
function recordWith(differences: (number | null)[], more: Partial<ExperimentRecord> = {}): ExperimentRecord {
  const alone = differences.map(() => [0.5, 0.5])
  const mutual = differences.map((value) => (value === null ? null : [0.5 + value, 0.5 + value]))
  const students = ['resnet-8', 'resnet-8']
  const record = recordOf({
    arms: {
      alone: { students, method: 'INDEPENDENT', top1: alone },
      mutual: { students, method: 'MUTUAL', top1: mutual },
    },
  })
  return { ...record, stopping: { looks: LOOKS }, ...more }
}

const seedsTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1)

describe('the normal distribution', () => {
  it.each([
    [0, 0.5],
    [1, 0.158_655_253_931_457_05],
    [1.959_963_984_540_054, 0.025],
    [2.999, 0.0013543365337271066],
    [3.001, 0.0013454728250849683],
    [6, 9.865_876_450_377e-10],
  ])('has the known tail beyond %f', (z, tail) => {
    expect(normalTail(z) / tail).toBeCloseTo(1, 6)
    expect(normalTail(-z)).toBeCloseTo(1 - tail, 12)
    expect(normalUpperQuantile(tail)).toBeCloseTo(z, 6)
  })
})

describe('the levels of looks', () => {
  it('are those of Lan and DeMets’ function at thirds, and add up to the level', () => {
    const [first, second, third] = levelsAt([1, 2, 3], 0.05)
    expect(first).toBeCloseTo(0.00068689, 7)
    expect(second).toBeCloseTo(0.01568777, 7)
    expect((first ?? 0) + (second ?? 0) + (third ?? 0)).toBeCloseTo(0.05, 12)
  })

  it('give intervals at a look the confidence of that look, and between looks that of the next', () => {
    const levels = levelsAt(LOOKS, 0.05)
    const looks = [0, 0, 1, 2, 2]
    for (const [i, pairs] of [2, 3, 4, 8, 9].entries())
      expect(confidenceAt({ looks: LOOKS }, pairs)).toBeCloseTo(1 - levels[looks[i]!]!, 12)
    expect(confidenceAt(undefined, 4)).toBe(0.95)
  })

  it('find an effect where there is none in no more than one experiment of twenty', () => {
    const random = generator(7)
    const levels = levelsAt(LOOKS, 0.05)
    const experiments = 20_000
    let wrong = 0
    for (let i = 0; i < experiments; i++) {
      const values = seedsTo(8).map(() => normal(random))
      const isWrong = LOOKS.some(
        (look, at) => (pairedDifference(values.slice(0, look)).tP ?? 1) < levels[at]!,
      )
      if (isWrong) wrong++
    }
    // The looks' tests are dependent, so it is less than the sum of their levels; plainly repeated tests err in 10 of 100.
    expect(wrong / experiments).toBeLessThan(0.05)
    expect(wrong / experiments).toBeGreaterThan(0.03)
  })
})

describe('an experiment with a stopping rule', () => {
  const clear = [0.3, 0.31, 0.29]

  it('is decided at the first look that settles every comparison', () => {
    expect(decidingLook(recordWith(clear, { seeds: seedsTo(8) }))).toBe(3)
    expect(decidingLook(recordWith([0.1, -0.1, 0.05], { seeds: seedsTo(8) }))).toBeNull()
  })

  it('is not decided before a look is due, nor by a comparison that lacks a pair', () => {
    expect(decidingLook(recordWith(clear.slice(0, 2), { seeds: seedsTo(8) }))).toBeNull()
    expect(decidingLook(recordWith([...clear.slice(0, 2), null], { seeds: seedsTo(8) }))).toBeNull()
  })

  it('is not decided by differences that are equal, or differ by less than one image of one student', () => {
    const planned = { seeds: seedsTo(8) }
    expect(decidingLook(recordWith([0.3, 0.3, 0.3], planned))).toBeNull()
    expect(decidingLook(recordWith([0.3, 0.3, 0.301], planned))).toBeNull()
  })

  it('sees at a look the seeds of that look only, however late it looks', () => {
    const undecided = [0.1, -0.1, 0.05, ...clear.slice(0, 1)]
    expect(decidingLook(recordWith(undecided, { seeds: seedsTo(8) }))).toBeNull()
    expect(decidingLook(recordWith([...clear, -0.3], { seeds: seedsTo(8) }))).toBe(3)
  })

  it('has wider intervals than one of as many seeds that was to end there', () => {
    const widthOf = (record: ExperimentRecord) => {
      const { interval } = compareArms(record).find(({ difference }) => difference)!.difference!
      return interval!.high - interval!.low
    }
    const sequential = recordWith([0.1, 0.12, 0.08], { seeds: seedsTo(3) })
    expect(widthOf(sequential)).toBeGreaterThan(2 * widthOf({ ...sequential, stopping: undefined }))
    expect(markdownReport(sequential)).toContain('looked at after 3, 5, 8 seeds')
  })

  it('that is over says why trials are missing', () => {
    const decided = recordWith(clear, { seeds: seedsTo(8), ending: 'DECIDED' })
    expect(markdownReport(decided)).toContain('10 of 16 trials were not trained: the experiment was decided')
  })

  it.each([[[3]], [[2, 5]], [[5, 3]], [[3, 3]]])('does not look after %j seeds', (looks) => {
    expect(Stopping.safeParse({ looks }).success).toBe(false)
  })
})

/** Park and Miller's, so that the same experiments are simulated every time. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/** Box and Muller's. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random())
}

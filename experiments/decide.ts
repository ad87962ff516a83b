/** Whether an experiment with a stopping rule may end before all of its seeds are trained. */
import { compareArms } from './compare.ts'
import { isPrimary } from './measures.ts'
import { learnersOf } from './pairing.ts'
import type { ExperimentRecord } from './record.ts'
import { levelsAt } from './statistics/alpha-spending.ts'
import { CONFIDENCE } from './statistics/paired-difference.ts'

/** Of a difference, relative to it. */
const ROUNDING = 1e-9

/**
 * The look that decides it: the number of seeds after which every comparison of the average student is significant, each
 * at its share of the look's level. A look sees its own seeds only, however many more have been trained meanwhile, so that
 * looking more often changes nothing. A comparison that lacks a pair because a trial failed is not settled.
 * @returns null while none does, and without a stopping rule
 */
export function decidingLook(record: ExperimentRecord): number | null {
  const { stopping } = record
  if (!stopping) return null
  const finished = finishedSeeds(record)
  const levels = levelsAt(stopping.looks, 1 - CONFIDENCE)
  const look = stopping.looks.find(
    (seeds, i) => seeds <= finished && isSettled(record, seeds, levels[i] ?? 0),
  )
  return look ?? null
}

function isSettled(record: ExperimentRecord, seeds: number, level: number): boolean {
  const asked = compareArms({ ...record, seeds: record.seeds.slice(0, seeds) }).filter(
    ({ measure, control }) => isPrimary(measure) && control !== null,
  )
  return (
    asked.length > 0 &&
    asked.every(
      ({ arm, difference }) =>
        difference?.pairs === seeds &&
        difference.tP !== null &&
        difference.tP < level / asked.length &&
        (difference.deviation ?? 0) >= leastDeviation(record, arm, difference.mean),
    )
  )
}

/**
 * Below it, differences are equal because the measure is coarse or rounded, not because chance does so little: an accuracy
 * moves in steps of one image of one student, and three equal differences are no proof that a fourth is the same.
 */
function leastDeviation({ arms, trials }: ExperimentRecord, arm: string, mean: number): number {
  const rounding = ROUNDING * Math.abs(mean)
  const cohort = arms.find(({ name }) => name === arm)?.cohort
  const evaluation = trials.find((trial) => trial.evaluation)?.evaluation
  if (!cohort || !evaluation || evaluation.kind === 'RETRIEVAL') return rounding
  return Math.max(rounding, 1 / (evaluation.testCount * learnersOf(cohort).length))
}

/** How many seeds, from the first on, have no trial still to come. */
function finishedSeeds({ seeds, conditions, arms, trials }: ExperimentRecord): number {
  const counts = new Map<number, number>()
  for (const { seed } of trials) counts.set(seed, (counts.get(seed) ?? 0) + 1)
  const unfinished = seeds.findIndex((seed) => (counts.get(seed) ?? 0) < conditions.length * arms.length)
  return unfinished < 0 ? seeds.length : unfinished
}

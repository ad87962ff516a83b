import { type RunEvaluation, shareAtRank } from '../../contract/evaluation.ts'
import type { Experiment } from './read-experiment.ts'
import type { Outcome } from './run-trials.ts'

/** What is measured of a trained cohort, as shares of 1, by name. */
export function measuresOf(evaluation: RunEvaluation): Record<string, number> {
  if (evaluation.kind === 'RETRIEVAL') {
    const { students, ensemble } = evaluation
    return {
      'mAP, average student': mean(students.map(({ meanAveragePrecision }) => meanAveragePrecision)),
      'mAP, concatenated features': ensemble.meanAveragePrecision,
      'rank 1, average student': mean(students.map((score) => shareAtRank(score, 1))),
      'rank 1, concatenated features': shareAtRank(ensemble, 1),
    }
  }
  const top1 = evaluation.students.map((student) => student.top1)
  return {
    'average student': mean(top1),
    'best student': Math.max(...top1),
    'ensemble, mean posterior': evaluation.ensemble.meanPosteriorTop1,
    'ensemble, concatenated features': evaluation.ensemble.concatenatedFeaturesTop1,
  }
}

export interface Spread {
  mean: number
  /** Of the sample, with n - 1; null for a single value. */
  deviation: number | null
}

export type Gain = Spread & { better: number }

export interface ComparedArm {
  condition: string
  measure: string
  arm: string
  /** One a seed, in the seeds' order. */
  values: number[]
  spread: Spread
  /** Seed by seed against the first arm; null for that arm itself. */
  gain: Gain | null
}

/** Every measure of every arm under every condition, over the seeds that all arms have finished. */
export function compareArms({ conditions, arms, seeds }: Experiment, outcomes: Outcome[]): ComparedArm[] {
  const finished = outcomes.map(({ trial, evaluation }) => ({ ...trial, measures: measuresOf(evaluation) }))
  const find = (condition: string, arm: string, seed: number) =>
    finished.find((one) => one.condition === condition && one.arm === arm && one.seed === seed)?.measures
  return conditions.flatMap((condition) => {
    const pairs = seeds
      .map((seed) => arms.map((arm) => find(condition, arm, seed)))
      .filter((pair): pair is Record<string, number>[] => pair.every((one) => one !== undefined))
    return Object.keys(finished[0]?.measures ?? {}).flatMap((measure) =>
      arms.map((arm, i): ComparedArm => {
        const values = pairs.map((pair) => measured(pair[i], measure))
        const gains = pairs.map((pair) => measured(pair[i], measure) - measured(pair[0], measure))
        return {
          condition,
          measure,
          arm,
          values,
          spread: spreadOf(values),
          gain: i === 0 ? null : { ...spreadOf(gains), better: gains.filter((gain) => gain > 0).length },
        }
      }),
    )
  })
}

function measured(measures: Record<string, number> | undefined, name: string): number {
  const value = measures?.[name]
  if (value === undefined) throw new Error(`not every arm has the measure “${name}”`)
  return value
}

export function spreadOf(values: readonly number[]): Spread {
  const middle = mean(values)
  if (values.length < 2) return { mean: middle, deviation: null }
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0)
  return { mean: middle, deviation: Math.sqrt(squares / (values.length - 1)) }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

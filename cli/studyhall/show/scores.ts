import type { RunResultsFragment } from '../api/generated/operations.ts'
import { CommandError, usageError } from '../outcome.ts'
import { percent } from './text-table.ts'

/** What --fail-below can look at. Fractions from 0 to 1. */
export const SCORE_NAMES = {
  top1: 'top-1 accuracy of the best student',
  averageTop1: 'top-1 accuracy of the average student',
  ensembleTop1: 'top-1 accuracy of the mean posterior',
  map: 'mean average precision of the best student',
  averageMap: 'mean average precision of the average student',
  ensembleMap: 'mean average precision of the concatenated features',
  rank1: 'rank-1 accuracy of the best student',
} as const

export type ScoreName = keyof typeof SCORE_NAMES
export type Scores = Partial<Record<ScoreName, number>>

/** The scores that a run has: those of its kind, once it has been evaluated. */
export function scoresOf({
  evaluation,
  retrieval,
}: Pick<RunResultsFragment, 'evaluation' | 'retrieval'>): Scores {
  if (evaluation) {
    const top1 = evaluation.students.map((student) => student.top1)
    return {
      top1: Math.max(...top1),
      averageTop1: average(top1),
      ensembleTop1: evaluation.meanPosteriorTop1,
    }
  }
  if (!retrieval) return {}
  const maps = retrieval.students.map(({ score }) => score.meanAveragePrecision)
  return {
    map: Math.max(...maps),
    averageMap: average(maps),
    ensembleMap: retrieval.ensemble.meanAveragePrecision,
    rank1: Math.max(...retrieval.students.map(({ score }) => score.cmc[0] ?? 0)),
  }
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

export interface Threshold {
  name: ScoreName
  least: number
}

/** `top1=0.9`, as an option has it. */
export function readThreshold(text: string): Threshold {
  const [, name = '', number] = /^([A-Za-z0-9]+)=(\d*\.?\d+)$/.exec(text) ?? []
  const least = Number(number)
  if (!(name in SCORE_NAMES) || !(least >= 0 && least <= 1))
    throw usageError(
      `--fail-below ${text}: write a score and a fraction from 0 to 1, such as top1=0.9. Scores: ${Object.keys(SCORE_NAMES).join(', ')}.`,
    )
  return { name: name as ScoreName, least }
}

/** @throws CommandError belowThreshold that names every score that is less than it has to be */
export function requireScores(scores: Scores, thresholds: readonly Threshold[]): void {
  const missing = thresholds.find(({ name }) => scores[name] === undefined)
  if (missing)
    throw usageError(
      `--fail-below ${missing.name}: the run has no such score, it has ${Object.keys(scores).join(', ')}.`,
    )
  const low = thresholds.filter(({ name, least }) => (scores[name] ?? 0) < least)
  if (low.length === 0) return
  const described = low.map(
    ({ name, least }) => `${name} is ${percent(scores[name])}, less than ${percent(least)}`,
  )
  throw new CommandError('belowThreshold', `${described.join('; ')}.`)
}

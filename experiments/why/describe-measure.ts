/** What a measure of an explanation amounts to, in words: a difference is told only where its interval excludes 0. */
import type { ExplanationMeasure } from '../../contract/runs/explanation.ts'
import { CONFIDENCE } from '../statistics/paired-difference.ts'
import { twoSidedQuantile } from '../statistics/student-t.ts'

export interface Described {
  /** Of own - alone; null where there is one number only, or one difference. */
  interval: { low: number; high: number } | null
  words: string
}

type Name = ExplanationMeasure['name']

/** What it means where a student's number is higher than its twin's, and where it is lower. */
const MEANINGS: Record<Name, { higher: string; lower: string }> = {
  LOSS_RISE_PLAIN: { higher: 'less flat', lower: 'flatter' },
  LOSS_RISE_FILTER: { higher: 'less flat', lower: 'flatter' },
  POSTERIOR_ENTROPY: { higher: 'less sure', lower: 'surer' },
  RUNNER_UP_MASS: { higher: 'more for the runner-up', lower: 'less for the runner-up' },
  WRONG_LABEL_MASS: { higher: 'believes wrong labels more', lower: 'believes wrong labels less' },
  TRUE_LABEL_MASS: { higher: 'sees more of the truth', lower: 'sees less of the truth' },
  DISAGREEMENT: { higher: 'they differ more', lower: 'they differ less' },
  ERROR_CORRELATION: { higher: 'they err together more', lower: 'they err together less' },
  DISAGREEMENT_AT_STEP: { higher: 'they differ more', lower: 'they differ less' },
}

export function describeMeasure({ name, own, alone, difference }: ExplanationMeasure): Described {
  const mean = difference?.mean ?? own - alone
  const meaning = MEANINGS[name][mean > 0 ? 'higher' : 'lower']
  if (!difference || difference.count < 2)
    return { interval: null, words: `${signed(mean)}, without an interval` }
  const { deviation, count } = difference
  const half = twoSidedQuantile(1 - CONFIDENCE, count - 1) * (deviation / Math.sqrt(count))
  const interval = { low: mean - half, high: mean + half }
  const range = `between ${signed(interval.low)} and ${signed(interval.high)}`
  if (interval.low <= 0 && interval.high >= 0) return { interval, words: `no difference seen (${range})` }
  return { interval, words: `${meaning}: ${signed(mean)} (${range})` }
}

function signed(value: number): string {
  const text = Math.abs(value) >= 1e4 ? value.toExponential(1) : value.toFixed(3)
  return value > 0 ? `+${text}` : text
}

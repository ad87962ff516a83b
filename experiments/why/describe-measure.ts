/** What a measure of an explanation amounts to, in words: a difference is told only where its interval excludes 0. */
import type { ExplanationMeasure } from '../../contract/runs/explanation.ts'
import { CONFIDENCE } from '../statistics/paired-difference.ts'
import { twoSidedQuantile } from '../statistics/student-t.ts'

export interface Described {
  /** Of own - alone; null where there is one number only, or one difference. */
  interval: { low: number; high: number } | null
  words: string
}

interface Meaning {
  /** Where the student's number is higher than its twin's. */
  higher: string
  lower: string
  /** From 0 to 1, told in percentage points. */
  isShare?: true
}

const LOSS_RISE: Meaning = { higher: 'sharper minimum', lower: 'flatter minimum' }
const DISAGREEMENT: Meaning = { higher: 'more diverse', lower: 'less diverse', isShare: true }

const MEANINGS: Record<ExplanationMeasure['name'], Meaning> = {
  LOSS_RISE_PLAIN: LOSS_RISE,
  LOSS_RISE_FILTER: LOSS_RISE,
  POSTERIOR_ENTROPY: { higher: 'less confident', lower: 'more confident' },
  RUNNER_UP_MASS: { higher: 'more on the runner-up', lower: 'less on the runner-up', isShare: true },
  WRONG_LABEL_MASS: { higher: 'fits wrong labels more', lower: 'fits wrong labels less', isShare: true },
  TRUE_LABEL_MASS: { higher: 'more on the true label', lower: 'less on the true label', isShare: true },
  DISAGREEMENT,
  ERROR_CORRELATION: { higher: 'errors more alike', lower: 'errors less alike' },
  DISAGREEMENT_AT_STEP: DISAGREEMENT,
}

export function describeMeasure({ name, own, alone, difference }: ExplanationMeasure): Described {
  const mean = difference?.mean ?? own - alone
  const { higher, lower, isShare } = MEANINGS[name]
  const told = (value: number) => (isShare ? signed(100 * value, 2) : signed(value, 3))
  const amount = isShare ? `${told(mean)} points` : told(mean)
  if (!difference || difference.count < 2) return { interval: null, words: `${amount}, without an interval` }
  const { deviation, count } = difference
  const half = twoSidedQuantile(1 - CONFIDENCE, count - 1) * (deviation / Math.sqrt(count))
  const interval = { low: mean - half, high: mean + half }
  const range = `between ${told(interval.low)} and ${told(interval.high)}`
  if (interval.low <= 0 && interval.high >= 0) return { interval, words: `no difference seen (${range})` }
  return { interval, words: `${mean > 0 ? higher : lower}: ${amount} (${range})` }
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value) >= 1e4 ? value.toExponential(1) : value.toFixed(digits)
  return value > 0 ? `+${text}` : text
}

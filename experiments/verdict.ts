/** What a difference amounts to, in words: “gain” only where its interval excludes 0. */
import type { Difference } from './compare.ts'
import type { Measure } from './measures.ts'

/** A p below it is called significant; intervals have the matching confidence of 95 %. */
export const LEVEL = 0.05

export interface Verdict {
  /** ONE_SEED: an effect cannot be told from chance. */
  kind: 'GAIN' | 'WORSE' | 'HIGHER' | 'LOWER' | 'NO_EFFECT_SEEN' | 'ONE_SEED'
  words: string
}

export function verdictOf(measure: Measure, difference: Difference): Verdict {
  const { mean, interval, holmP } = difference
  if (!interval)
    return { kind: 'ONE_SEED', words: `${signed(measure, mean)} from one seed: cannot be told from chance` }
  const { low, high } = interval
  const digits = digitsFor(measure, [low, high])
  const told = (value: number) => signed(measure, value, digits)
  const range = `between ${told(low)} and ${told(high)}`
  if (low <= 0 && high >= 0) return { kind: 'NO_EFFECT_SEEN', words: `no effect seen (${range})` }
  const kind = kindOf(measure, mean)
  const doubt = holmP !== null && holmP >= LEVEL ? ', not significant after Holm’s correction' : ''
  return { kind, words: `${WORDS[kind]} ${told(mean)} (${range})${doubt}` }
}

const WORDS = { GAIN: 'gain', WORSE: 'worse by', HIGHER: 'higher by', LOWER: 'lower by' } as const

function kindOf({ better }: Measure, mean: number): keyof typeof WORDS {
  const isHigher = mean > 0
  if (better === null) return isHigher ? 'HIGHER' : 'LOWER'
  return isHigher === (better === 'HIGHER') ? 'GAIN' : 'WORSE'
}

const DIGITS = { PERCENT: 1, NATS: 3, CORRELATION: 3 } as const

/** Enough that a value other than 0 is not printed as 0. */
function digitsFor({ unit }: Measure, values: readonly number[]): number {
  let digits: number = DIGITS[unit]
  const scale = unit === 'PERCENT' ? 100 : 1
  while (digits < 6 && values.some((value) => value !== 0 && Number((scale * value).toFixed(digits)) === 0))
    digits++
  return digits
}

/** A value in the measure's unit, without its name: shares in percent. */
export function valueIn({ unit }: Measure, value: number, digits: number = DIGITS[unit]): string {
  const text = (unit === 'PERCENT' ? 100 * value : value).toFixed(digits)
  return Number(text) === 0 ? text.replace('-', '') : text
}

/** How many pairs are better than their control; for a measure that is neither good nor bad, how many are higher. */
export function seedsBetter({ better }: Measure, { above, below, pairs }: Difference): string {
  if (better === null) return `${above} of ${pairs} higher`
  return `${better === 'HIGHER' ? above : below} of ${pairs}`
}

/** A difference, of percents in points. */
export function signed(measure: Measure, value: number, digits?: number): string {
  const text = valueIn(measure, value, digits)
  return value > 0 ? `+${text}` : text
}

export function pInWords(p: number | null): string {
  if (p === null) return '–'
  return p < 0.001 ? '< 0.001' : p.toFixed(3)
}

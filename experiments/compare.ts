import { type Measure, measuresOf, PARTS } from './measures.ts'
import { counterpartsOf, learnersOf, teacherOf } from './pairing.ts'
import type { Arm, ExperimentRecord, TrialRecord } from './record.ts'
import { holmCorrected } from './statistics/holm.ts'
import {
  type PairedDifference,
  pairedDifference,
  type Spread,
  spreadOf,
} from './statistics/paired-difference.ts'
import { confidenceAt, type Stopping } from './stopping.ts'

/** An arm minus its control, seed by seed. */
export interface Difference extends PairedDifference {
  /** One for each seed that both have finished, in the order of `seeds`. */
  values: number[]
  seeds: number[]
  /** Of the interval: 0.95, or what the stopping rule has for so many pairs. */
  confidence: number
  /** The t-test's p after Holm's correction over all comparisons of the measure's part; null for a single seed. */
  holmP: number | null
}

export interface Comparison {
  condition: string
  measure: Measure
  arm: string
  control: string | null
  /** One for each seed that the arm has finished, in the order of `seeds`. */
  values: number[]
  seeds: number[]
  spread: Spread
  /** Null without a control, and where the two are not comparable. */
  difference: Difference | null
}

/** Every measure of every arm under every condition, with its difference from the control. */
export function compareArms(record: ExperimentRecord): Comparison[] {
  const { conditions, arms } = record
  const comparisons = conditions.flatMap(({ name }) => arms.flatMap((arm) => compareArm(record, name, arm)))
  for (const part of PARTS) {
    const family = comparisons.flatMap(({ measure, difference }) =>
      measure.part === part && difference?.tP != null ? [difference] : [],
    )
    const corrected = holmCorrected(family.map(({ tP }) => tP ?? 1))
    for (const [i, difference] of family.entries()) difference.holmP = corrected[i] ?? null
  }
  return comparisons
}

function compareArm(record: ExperimentRecord, condition: string, arm: Arm): Comparison[] {
  const own = seedsOf(record, condition, arm)
  const control = record.arms.find(({ name }) => name === arm.control)
  const others = control ? pairsOf(record, condition, arm, control) : new Map<string, Map<number, number>>()
  const differencesOf = (measure: string, values: ReadonlyMap<number, number>) =>
    [...values].flatMap(([seed, value]) => {
      const other = others.get(measure)?.get(seed)
      return other === undefined ? [] : [{ seed, value: value - other }]
    })
  return [...own].map(([name, { measure, values }]) => {
    const differences = differencesOf(name, values)
    return {
      condition,
      measure,
      arm: arm.name,
      control: arm.control,
      values: [...values.values()],
      seeds: [...values.keys()],
      spread: spreadOf([...values.values()]),
      difference: differences.length === 0 ? null : differenceOf(differences, record.stopping),
    }
  })
}

function differenceOf(pairs: { seed: number; value: number }[], stopping: Stopping | undefined): Difference {
  const values = pairs.map(({ value }) => value)
  const confidence = confidenceAt(stopping, values.length)
  const seeds = pairs.map(({ seed }) => seed)
  return { ...pairedDifference(values, confidence), values, seeds, confidence, holmP: null }
}

/** An arm's measures by name, each by seed. */
function seedsOf(record: ExperimentRecord, condition: string, { name, cohort }: Arm) {
  const group = { learners: learnersOf(cohort), teacher: teacherOf(cohort) }
  const byName = new Map<string, { measure: Measure; values: Map<number, number> }>()
  for (const { seed, evaluation } of trialsOf(record, condition, name))
    for (const { measure, value } of evaluation ? measuresOf(evaluation, group) : []) {
      const entry = byName.get(measure.name) ?? { measure, values: new Map() }
      byName.set(measure.name, entry)
      entry.values.set(seed, value)
    }
  return byName
}

/**
 * The control's values that an arm's are compared with: those of its counterparts. Where averages would be of different
 * networks, only students by themselves are compared.
 */
function pairsOf(record: ExperimentRecord, condition: string, { cohort }: Arm, control: Arm) {
  const counterparts = counterpartsOf(cohort, control.cohort)
  const learners = counterparts ?? learnersOf(control.cohort)
  const byName = new Map<string, Map<number, number>>()
  for (const { seed, evaluation } of trialsOf(record, condition, control.name))
    for (const { measure, value } of evaluation ? measuresOf(evaluation, { learners, teacher: null }) : []) {
      if (!counterparts && measure.student === undefined) continue
      const values = byName.get(measure.name) ?? new Map<number, number>()
      byName.set(measure.name, values.set(seed, value))
    }
  return byName
}

function trialsOf({ trials, seeds }: ExperimentRecord, condition: string, arm: string): TrialRecord[] {
  return seeds.flatMap(
    (seed) =>
      trials.find((trial) => trial.condition === condition && trial.arm === arm && trial.seed === seed) ?? [],
  )
}

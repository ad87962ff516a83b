/** What is measured of a trained cohort, by name. */
import type { Student } from '../contract/cohort.ts'
import {
  type Evaluation,
  type RetrievalEvaluation,
  type RunEvaluation,
  shareAtRank,
} from '../contract/evaluation.ts'
import { meanOf, spreadOf } from './statistics/paired-difference.ts'

/** The main results, each student's, and what is measured beyond accuracy. Holm's correction covers one part at a time. */
export const PARTS = ['MAIN', 'STUDENTS', 'BESIDE'] as const
export type Part = (typeof PARTS)[number]

export interface Measure {
  name: string
  part: Part
  /** Shares of 1 are told in PERCENT. */
  unit: 'PERCENT' | 'NATS' | 'CORRELATION'
  /** Null where neither is good in itself. */
  better: 'HIGHER' | 'LOWER' | null
  /** The student whose own score it is; missing for a cohort's. */
  student?: string
}

export interface Measured {
  measure: Measure
  value: number
}

/** The students whose scores are averaged: all learners of a cohort, or the counterparts of another's. */
export interface Group {
  learners: readonly Student[]
  /** Reported apart: it did not learn from anybody. */
  teacher: Student | null
}

/** Every measure that the evaluation allows: a spread needs two students, and older evaluations lack some fields. */
export function measuresOf(evaluation: RunEvaluation, group: Group): Measured[] {
  const measured =
    evaluation.kind === 'RETRIEVAL' ? retrievalMeasures(evaluation, group) : classMeasures(evaluation, group)
  return measured.flatMap(([measure, value]) =>
    value === null || value === undefined ? [] : [{ measure, value }],
  )
}

export const BEST_STUDENT = 'best student'
const AVERAGE_STUDENT = 'average student'

/** What an experiment asks first: whether the average student gains. */
export function isPrimary({ part, name }: Measure): boolean {
  return part === 'MAIN' && name.endsWith(AVERAGE_STUDENT)
}

type Entry = [Measure, number | null | undefined]

function classMeasures(evaluation: Evaluation, group: Group): Entry[] {
  const { students, ensemble, peers } = evaluation
  const learning = students.filter(({ name }) => group.learners.some((learner) => learner.name === name))
  const average = (key: 'top1' | 'loss' | 'calibrationError' | 'posteriorEntropy') =>
    meanOrNull(learning.map((student) => student[key]))
  const places = learning.map((student) => students.indexOf(student))
  return [
    [percent(AVERAGE_STUDENT, 'MAIN'), average('top1')],
    [percent('ensemble, mean posterior', 'MAIN'), ensemble.meanPosteriorTop1],
    ...everyone('', students, group, ({ top1 }) => top1),
    [percent('ensemble, concatenated features', 'STUDENTS'), ensemble.concatenatedFeaturesTop1],
    [beside('test loss, average student', 'NATS', 'LOWER'), average('loss')],
    [beside('test loss, mean posterior', 'NATS', 'LOWER'), ensemble.meanPosteriorLoss],
    [beside('calibration error, average student', 'PERCENT', 'LOWER'), average('calibrationError')],
    [beside('calibration error, mean posterior', 'PERCENT', 'LOWER'), ensemble.meanPosteriorCalibrationError],
    [beside('entropy of the posterior, average student', 'NATS', null), average('posteriorEntropy')],
    [beside('disagreement of two students', 'PERCENT', null), meanOfPairs(peers?.disagreement, places)],
    [beside('correlation of errors', 'CORRELATION', null), meanOfPairs(peers?.errorCorrelation, places)],
    [beside('spread among students', 'PERCENT', null), spreadOf(learning.map(({ top1 }) => top1)).deviation],
  ]
}

function retrievalMeasures({ students, ensemble }: RetrievalEvaluation, group: Group): Entry[] {
  const learning = students.filter(({ name }) => group.learners.some((learner) => learner.name === name))
  const found = learning.map(({ meanAveragePrecision }) => meanAveragePrecision)
  return [
    [percent(`mAP, ${AVERAGE_STUDENT}`, 'MAIN'), meanOrNull(found)],
    [percent('mAP, concatenated features', 'MAIN'), ensemble.meanAveragePrecision],
    ...everyone('mAP, ', students, group, ({ meanAveragePrecision }) => meanAveragePrecision),
    [
      beside('rank 1, average student', 'PERCENT', 'HIGHER'),
      meanOrNull(learning.map((student) => shareAtRank(student, 1))),
    ],
    [beside('rank 1, concatenated features', 'PERCENT', 'HIGHER'), shareAtRank(ensemble, 1)],
    [beside('mAP, spread among students', 'PERCENT', null), spreadOf(found).deviation],
  ]
}

/** A row for each student that learns, the best of them, and the frozen teacher. */
function everyone<Score extends { name: string; architecture: string }>(
  prefix: string,
  students: readonly Score[],
  { learners, teacher }: Group,
  scoreOf: (student: Score) => number,
): Entry[] {
  const learning = students.filter(({ name }) => learners.some((learner) => learner.name === name))
  const rowOf = (what: string, { name, architecture }: Score) => `${prefix}${what}${name} (${architecture})`
  return [
    ...learning.map(
      (own): Entry => [{ ...percent(rowOf('', own), 'STUDENTS'), student: own.name }, scoreOf(own)],
    ),
    ...students
      .filter(({ name }) => name === teacher?.name)
      .map((own): Entry => [percent(rowOf('frozen teacher ', own), 'STUDENTS'), scoreOf(own)]),
    [
      percent(`${prefix}${BEST_STUDENT}`, 'STUDENTS'),
      learning.length > 1 ? Math.max(...learning.map(scoreOf)) : null,
    ],
  ]
}

function percent(name: string, part: Part): Measure {
  return { name, part, unit: 'PERCENT', better: 'HIGHER' }
}

function beside(name: string, unit: Measure['unit'], better: Measure['better']): Measure {
  return { name, part: 'BESIDE', unit, better }
}

function meanOrNull(values: readonly (number | undefined)[]): number | null {
  const known = values.filter((value) => value !== undefined)
  return known.length > 0 && known.length === values.length ? meanOf(known) : null
}

/** Mean over the pairs at these places; null where there is none, or one of them has no value. */
function meanOfPairs(
  matrix: readonly (readonly (number | null)[])[] | undefined,
  places: readonly number[],
): number | null {
  const values = places.flatMap((j) => places.filter((k) => k > j).map((k) => matrix?.[j]?.[k] ?? undefined))
  return meanOrNull(values)
}

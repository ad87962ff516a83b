import { z } from 'zod'
import type { Evaluation, StudentScore } from '../evaluation.ts'
import { FINDING_REASONS, RUN_FINDING_CODES, type RunFindingCode } from './finding-reasons.ts'

/** Something about a run that its numbers alone do not show: found in its outcome, or an alarm while it trains. */
export const RunFinding = z.strictObject({
  code: z.enum(RUN_FINDING_CODES),
  /** Null if it concerns all students. */
  student: z.string().nullable(),
  /** What was found, with its numbers. */
  message: z.string(),
  /** Likely cause. */
  cause: z.string(),
  suggestion: z.string(),
})
export type RunFinding = z.infer<typeof RunFinding>

export function findingOf(code: RunFindingCode, student: string | null, message: string): RunFinding {
  return { code, student, message, ...FINDING_REASONS[code] }
}

/** A student's test accuracies during training, 0 to 1. */
export interface TestAccuracies {
  name: string
  best: number | null
  last: number | null
}

/** A difference of more than this many standard errors is not attributed to the choice of test images. */
export const SIGNIFICANT_ERRORS = 3
/** Multiple of a uniform guess's loss. */
export const DIVERGED_LOSS_FACTOR = 3
export const LEAST_FALL = 0.03
/** Students whose errors are on nearly the same images. */
const LARGEST_ALIKE_SHARE = 0.1
export const LEAST_ERROR = 0.01

/**
 * Notable findings about the outcome of a CLASSIFICATION run.
 * @param classCount  of the dataset
 * @param accuracies  in cohort order
 */
export function findInOutcome(
  evaluation: Evaluation,
  classCount: number,
  accuracies: readonly TestAccuracies[],
): RunFinding[] {
  const { students, testCount, delivered } = evaluation
  // A fall after the best checkpoint is not in what is exported.
  const endIsDelivered = delivered?.checkpoint !== 'BEST'
  const ofStudents = students.flatMap((student, i) => {
    const diverged = findDivergence(student, classCount)
    const chance = findChance(student, testCount, classCount)
    // A diverged loss explains an accuracy at chance, and an accuracy that ended at chance explains a fall.
    const fall = endIsDelivered ? findFall(student, testCount, accuracies[i]) : null
    return diverged ?? chance ?? fall ?? []
  })
  const alike = ofStudents.length === 0 ? findAlike(evaluation) : null
  return alike ? [...ofStudents, alike] : ofStudents
}

/**
 * The accuracy of always predicting the most frequent test class; without counts, that of a uniform guess.
 */
export function chanceAccuracy(
  { classes }: Pick<StudentScore, 'classes'>,
  testCount: number,
  classCount: number,
) {
  const largest = Math.max(0, ...(classes ?? []).map(({ count }) => count))
  return Math.max(1 / classCount, largest / testCount)
}

/** Whether a student is not significantly better than always predicting the most frequent class. */
export function isAtChance(student: StudentScore, testCount: number, classCount: number): boolean {
  const chance = chanceAccuracy(student, testCount, classCount)
  return student.top1 <= chance + SIGNIFICANT_ERRORS * standardError(chance, testCount)
}

function findChance(student: StudentScore, testCount: number, classCount: number): RunFinding | null {
  if (!isAtChance(student, testCount, classCount)) return null
  const chance = chanceAccuracy(student, testCount, classCount)
  return findingOf(
    'AT_CHANCE',
    student.name,
    `${student.name} ended at chance: ${percent(student.top1)} of the ${testCount} test images are right, and ${percent(chance)} would be by always answering the most frequent class.`,
  )
}

function findDivergence({ name, loss }: StudentScore, classCount: number): RunFinding | null {
  const uniform = Math.log(classCount)
  if (Number.isFinite(loss) && loss <= DIVERGED_LOSS_FACTOR * uniform) return null
  return findingOf(
    'DIVERGED',
    name,
    `${name} diverged: its test loss is ${shortly(loss)}, and a uniform guess over ${classCount} classes has ${shortly(uniform)}.`,
  )
}

function findFall(
  { name }: StudentScore,
  testCount: number,
  accuracies: TestAccuracies | undefined,
): RunFinding | null {
  const { best = null, last = null } = accuracies ?? {}
  if (best === null || last === null) return null
  const least = Math.max(LEAST_FALL, SIGNIFICANT_ERRORS * standardError(best, testCount))
  if (best - last <= least) return null
  return findingOf(
    'FELL_BACK',
    name,
    `${name} fell back: from ${percent(best)} of the test images at its best to ${percent(last)} at the end, and the end is what is exported.`,
  )
}

function findAlike({ students, peers }: Evaluation): RunFinding | null {
  if (!peers || students.length < 2) return null
  const meanError = students.reduce((sum, { top1 }) => sum + 1 - top1, 0) / students.length
  const pairs = peers.disagreement.flatMap((row, j) => row.slice(j + 1))
  const most = Math.max(...pairs)
  if (meanError <= LEAST_ERROR || most >= LARGEST_ALIKE_SHARE * meanError) return null
  return findingOf(
    'ALIKE',
    null,
    `The students have become alike: two of them differ on at most ${percent(most)} of the test images, though ${percent(meanError)} are wrong on average.`,
  )
}

/** Standard error of a share of independent images. */
export function standardError(share: number, count: number): number {
  return Math.sqrt((share * (1 - share)) / count)
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

export function shortly(value: number): string {
  return value >= 1e4 ? value.toExponential(1) : value.toFixed(2)
}

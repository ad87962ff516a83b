import type { Evaluation, StudentScore } from '../evaluation.ts'

export const RUN_FINDING_CODES = ['AT_CHANCE', 'DIVERGED', 'FELL_BACK', 'ALIKE'] as const
export type RunFindingCode = (typeof RUN_FINDING_CODES)[number]

/** Something about a successful run's outcome that its numbers alone do not show. */
export interface RunFinding {
  code: RunFindingCode
  /** Null if it concerns all students. */
  student: string | null
  /** What was found, with its numbers. */
  message: string
  /** Likely cause. */
  cause: string
  suggestion: string
}

/** A student's test accuracies during training, 0 to 1. */
export interface TestAccuracies {
  name: string
  best: number | null
  last: number | null
}

/** A difference of more than this many standard errors is not attributed to the choice of test images. */
const SIGNIFICANT_ERRORS = 3
/** Multiple of a uniform guess's loss. */
const DIVERGED_LOSS_FACTOR = 3
const LEAST_FALL = 0.03
/** Students whose errors are on nearly the same images. */
const LARGEST_ALIKE_SHARE = 0.1
const LEAST_ERROR = 0.01

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
  return {
    code: 'AT_CHANCE',
    student: student.name,
    message: `${student.name} ended at chance: ${percent(student.top1)} of the ${testCount} test images are right, and ${percent(chance)} would be by always answering the most frequent class.`,
    cause:
      'The learning rate is too high or too low, the training is too short, or the images do not show their classes.',
    suggestion: 'Look at its training loss: where it hardly fell, change the learning rate or add epochs.',
  }
}

function findDivergence({ name, loss }: StudentScore, classCount: number): RunFinding | null {
  const uniform = Math.log(classCount)
  if (Number.isFinite(loss) && loss <= DIVERGED_LOSS_FACTOR * uniform) return null
  return {
    code: 'DIVERGED',
    student: name,
    message: `${name} diverged: its test loss is ${shortly(loss)}, and a uniform guess over ${classCount} classes has ${shortly(uniform)}.`,
    cause: 'The learning rate is too high for this optimizer, or the warm-up is too short.',
    suggestion: 'Divide the learning rate by ten, or clip the gradients’ norm.',
  }
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
  return {
    code: 'FELL_BACK',
    student: name,
    message: `${name} fell back: from ${percent(best)} of the test images at its best to ${percent(last)} at the end, and the end is what is exported.`,
    cause: 'The learning rate is still high at the end, it overfits, or weaker peers drag it down.',
    suggestion:
      'Let the learning rate fall to nearly 0, train fewer epochs, or start the same cohort with INDEPENDENT teaching to see what its peers do to it.',
  }
}

function findAlike({ students, peers }: Evaluation): RunFinding | null {
  if (!peers || students.length < 2) return null
  const meanError = students.reduce((sum, { top1 }) => sum + 1 - top1, 0) / students.length
  const pairs = peers.disagreement.flatMap((row, j) => row.slice(j + 1))
  const most = Math.max(...pairs)
  if (meanError <= LEAST_ERROR || most >= LARGEST_ALIKE_SHARE * meanError) return null
  return {
    code: 'ALIKE',
    student: null,
    message: `The students have become alike: two of them differ on at most ${percent(most)} of the test images, though ${percent(meanError)} are wrong on average.`,
    cause: 'The peers’ predictions outweigh the labels, so that the students copy each other’s mistakes.',
    suggestion:
      'Lower the weight of the teaching, or mix architectures; an ensemble of these gains nothing over one student.',
  }
}

/** Standard error of a share of independent images. */
function standardError(share: number, count: number): number {
  return Math.sqrt((share * (1 - share)) / count)
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

function shortly(value: number): string {
  return value >= 1e4 ? value.toExponential(1) : value.toFixed(2)
}

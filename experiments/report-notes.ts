/** What a reader has to know before believing an experiment's tables. */
import { countHeldOut } from '../contract/recipes/held-out.ts'
import type { Comparison } from './compare.ts'
import { BEST_STUDENT, type Part } from './measures.ts'
import { counterpartsOf } from './pairing.ts'
import type { Arm, ExperimentRecord } from './record.ts'
import { MOST_PERMUTED } from './statistics/exact-tests.ts'
import type { Stopping } from './stopping.ts'

/** A paragraph each. */
export function notesOn(record: ExperimentRecord, comparisons: readonly Comparison[]): string[] {
  return [
    `${measuredOn(record)} ${tableWords(record)}`,
    executionNote(record),
    ...statisticsNotes(record, comparisons),
    ...record.arms.flatMap((arm) => pairingNotes(record, arm)),
    ...trialNotes(record),
  ]
}

function measuredOn({ conditions, images, trials }: ExperimentRecord): string {
  const isRetrieval = trials.some(({ evaluation }) => evaluation?.kind === 'RETRIEVAL')
  const what = isRetrieval ? 'queries' : 'test images'
  const share =
    images.test === images.testThere
      ? `all ${count(images.test)} ${what}`
      : `${count(images.test)} of ${count(images.testThere)} ${what}`
  const learned = new Set(conditions.map(({ recipe }) => learnedOf(images, recipe.validationShare)))
  const byCondition = learned.size > 1 ? ' (by the condition)' : ''
  return `Trained on ${[...learned].map(count).join(' or ')} images${byCondition}, evaluated on ${share}.`
}

/** Without those that are set aside for validation. */
function learnedOf({ train, hasValidation }: ExperimentRecord['images'], validationShare: number): number {
  return hasValidation ? train : train - countHeldOut(validationShare, train)
}

/** The seeds under which some trial has come to a result. */
function trainedSeeds({ seeds, trials }: ExperimentRecord): number[] {
  const trained = new Set(trials.flatMap(({ seed, evaluation }) => (evaluation ? [seed] : [])))
  return seeds.filter((seed) => trained.has(seed))
}

function tableWords(record: ExperimentRecord): string {
  const seeds = trainedSeeds(record)
  const { stopping } = record
  if (seeds.length === 0) return 'No trial has come to a result.'
  if (seeds.length === 1)
    return 'One seed only: no deviation, no interval, and no way to tell an effect from chance.'
  return `Mean ± sample standard deviation over ${seeds.length} seeds. Differences are paired by seed (same initial weights, same batches); those of percentages are in points. ${stopping ? sequentialWords(stopping) : 'Intervals are 95 % (Student’s t)'}, and “gain” is said only where the interval excludes 0.`
}

function sequentialWords({ looks }: Stopping): string {
  return `It was declared beforehand to end once the average student’s difference is decided, looked at after ${looks.join(', ')} seeds at levels that add up to 5 % (Lan and DeMets, of O’Brien and Fleming’s type). Intervals (Student’s t) have the confidence of the look at or after their number of pairs, so that they hold at all looks together`
}

function executionNote({ execution }: ExperimentRecord): string {
  if (!execution)
    return 'The number of threads per operation was not recorded. It depended on the cohort, so differences between cohorts of one and of several students include rounding effects.'
  const { threadsPerOperation: threads, processor, cores, engineVersion, settings } = execution
  const named = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
  const place = processor === null ? '' : `, on ${cores} cores of ${processor}`
  return `All trials ran with ${threads} ${threads === 1 ? 'thread' : 'threads'} per operation${named.length > 0 ? `, ${named.join(', ')}` : ''}${place}, engine version ${engineVersion}.`
}

function statisticsNotes(record: ExperimentRecord, comparisons: readonly Comparison[]): string[] {
  const seeds = trainedSeeds(record)
  const families = (['MAIN', 'STUDENTS', 'BESIDE'] as const satisfies readonly Part[]).map(
    (part) =>
      comparisons.filter(({ measure, difference }) => measure.part === part && difference?.tP != null).length,
  )
  const holm = `Holm’s correction covers all comparisons of a table (${families.join(', ')} in the tables below).`
  const least =
    seeds.length <= MOST_PERMUTED
      ? ` With ${seeds.length} seeds the exact permutation p cannot be below ${(2 / 2 ** seeds.length).toPrecision(2)}.`
      : ''
  const hasBest = comparisons.some(({ measure }) => measure.name.endsWith(BEST_STUDENT))
  return [
    ...(seeds.length > 1 && comparisons.some(({ difference }) => difference) ? [holm + least] : []),
    ...(hasBest
      ? ['“Best student” is picked on the test images it is evaluated on, so its score is optimistic.']
      : []),
  ]
}

function pairingNotes({ arms }: ExperimentRecord, arm: Arm): string[] {
  const control = arms.find(({ name }) => name === arm.control)
  if (!control || counterpartsOf(arm.cohort, control.cohort)) return []
  return [
    `“${arm.name}” and its control “${control.name}” have different architectures: only students with the same name and architecture are compared, not averages or ensembles.`,
  ]
}

/** The failed ones by name, and how many are still to come. */
function trialNotes({ conditions, arms, seeds, trials, ending }: ExperimentRecord): string[] {
  const planned = conditions.length * arms.length * seeds.length
  const failed = trials.filter(({ failure }) => failure !== undefined)
  const missing = planned - trials.length
  const names = failed.map(
    ({ condition, arm, seed, failure }) => `- ${condition}, ${arm}, seed ${seed}: ${failure}`,
  )
  return [
    ...(failed.length > 0
      ? [
          `${failed.length} of ${planned} trials failed; their pairs are missing below:\n\n${names.join('\n')}`,
        ]
      : []),
    ...(missing > 0 ? [`${missing} of ${planned} trials ${WHY_MISSING[ending ?? 'GOES_ON']}.`] : []),
  ]
}

const WHY_MISSING = {
  GOES_ON: 'have not been trained yet',
  CANCELED: 'were not trained: the experiment was canceled',
  DECIDED: 'were not trained: the experiment was decided before',
} as const

function count(number: number): string {
  return number.toLocaleString('en')
}

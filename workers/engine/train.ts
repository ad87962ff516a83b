import { setImmediate } from 'node:timers/promises'
import type { DeliveredCheckpoint } from '../../contract/evaluation.ts'
import { networkInputOf } from '../../contract/recipes/recipe.ts'
import { normalizedFor } from '../../contract/starting-weights.ts'
import type { MetricPoint, TrainingEvent, TrainingOrder } from '../../contract/training.ts'
import type { RemoteShards } from './batches/packed-split.ts'
import { stepsPerEpoch, type TrainingBatch, trainingChunks } from './batches/training-batches.ts'
import {
  CheckpointChoice,
  linesOfDelivery,
  meanTestScore,
  withDelivered,
} from './checkpoints/checkpoint-choice.ts'
import { CheckpointKeeper } from './checkpoints/checkpoint-keeper.ts'
import { findBeginning } from './checkpoints/find-beginning.ts'
import { type CohortProgram, captureCohort } from './cohort-program.ts'
import { isEvaluationDue, nextEvaluationAfter } from './evaluation/evaluation-steps.ts'
import { scoreStudents } from './evaluation/examine-classes.ts'
import type { BetweenBatches } from './evaluation/predictions.ts'
import { chooseExecution, type Execution } from './execution.ts'
import { exportCohort } from './exports/export-cohort.ts'
import { describeFailure, Stopped } from './failures.ts'
import { type OpenSplits, openSplits } from './open-splits.ts'
import { learningRateAt } from './optimizers/schedule.ts'
import { createProgressReporter } from './progress.ts'
import { readFinishedStudents } from './students/finished-students.ts'
import { setStartingWeights } from './students/starting-weights.ts'
import { buildStudent, type StudentNetwork } from './students/student-network.ts'
import { type Stage, stagesOf, unlabelledPart } from './teaching/stages.ts'
import { requireFinite, stepPoints } from './teaching/step-points.ts'
import { reportWeightHashes } from './weight-hashes.ts'

export interface TrainingCallbacks {
  /** Receives every event in order; the last one is `finished`, `stopped` or `failed`. */
  onEvent(event: TrainingEvent): void
  /** Called between steps; true ends the run with `stopped`. */
  shouldStop(): boolean
  /** Source of images in shards for which the order has no file. */
  remote?: RemoteShards | undefined
}

export type TrainingOutcome = 'finished' | 'stopped' | 'failed'

/**
 * Trains a cohort, evaluates it and exports its students and their ensemble. The result depends on the order
 * alone: a run resumed from a checkpoint reports the same points, evaluation and exports as one that was
 * never interrupted. Each step blocks the event loop, which gets a turn between steps so that messages can
 * arrive. An `artifact` event's path is absolute and inside the order's output folder. Failures are reported
 * as a `failed` event, never thrown.
 */
export async function train(order: TrainingOrder, callbacks: TrainingCallbacks): Promise<TrainingOutcome> {
  const { onEvent } = callbacks
  try {
    await run(order, callbacks)
    onEvent({ type: 'finished' })
    return 'finished'
  } catch (error) {
    if (error instanceof Stopped) {
      onEvent({ type: 'stopped' })
      return 'stopped'
    }
    onEvent(describeFailure(error))
    return 'failed'
  }
}

async function run(order: TrainingOrder, { onEvent, shouldStop, remote }: TrainingCallbacks): Promise<void> {
  const { cohort, recipe, seed } = order
  const dataset = normalizedFor(order.dataset, cohort.students)
  const yieldOrStop = async () => {
    await setImmediate()
    if (shouldStop()) throw new Stopped()
  }

  onEvent({ type: 'phase', phase: 'LOADING' })
  const splits = openSplits(order, onEvent, remote)
  const execution = chooseExecution(order, splits.learned)

  onEvent({ type: 'phase', phase: 'CAPTURING' })
  await yieldOrStop()
  const students = cohort.students.map((student) =>
    buildStudent(student, networkInputOf(recipe, dataset), dataset.classes.length, seed),
  )
  const onLog = (level: 'INFO' | 'WARN', message: string) => onEvent({ type: 'log', level, message })
  await readFinishedStudents(students, { ...order, dataset })
  for (const line of await setStartingWeights(students, order)) onLog('INFO', line)
  let { mode } = execution
  const onRefused = () => {
    mode = 'PLAIN'
    onEvent({ type: 'execution', mode })
  }
  const options = {
    students,
    teaching: cohort.teaching,
    recipe,
    dataset,
    seed,
    joined: order.fork?.joined,
    onLog,
    onRefused,
    ...execution,
  }
  const program = captureCohort(options)

  try {
    if (execution.residentRows !== undefined) program.loadPictures(await splits.learned.readAll())
    const checkpoints =
      order.checkpoints && (await CheckpointKeeper.open(order, order.checkpoints, program, onEvent))
    onEvent({ type: 'phase', phase: 'TRAINING' })
    const loop = { order, splits, students, program, execution, checkpoints, onEvent, yieldOrStop }
    const delivered = await teachEpochs(loop)

    onEvent({ type: 'phase', phase: 'EVALUATING' })
    const examinees = { program, students, betweenBatches: yieldOrStop }
    const examined = withDelivered(await splits.examination.evaluate(examinees), delivered)
    onEvent(examined)
    onEvent({ type: 'phase', phase: 'EXPORTING' })
    const done = { ...order, execution: { ...order.execution, mode } }
    const weights = program.readTrainedWeights()
    for await (const artifact of exportCohort(done, weights, examined.evaluation, remote)) {
      onEvent({ type: 'artifact', ...artifact })
      await yieldOrStop()
    }
  } finally {
    program.close()
    splits.close()
  }
}

interface TrainingLoop {
  order: TrainingOrder
  splits: OpenSplits
  students: StudentNetwork[]
  program: CohortProgram
  execution: Execution
  checkpoints: CheckpointKeeper | undefined
  onEvent(event: TrainingEvent): void
  yieldOrStop: BetweenBatches
}

/** @returns which state the program is in afterwards, the one to deliver */
async function teachEpochs(loop: TrainingLoop): Promise<DeliveredCheckpoint> {
  const { order, splits, students, program, execution, checkpoints, onEvent, yieldOrStop } = loop
  const { cohort, recipe, dataset, seed } = order
  const { batchSize } = recipe
  const stages = stagesOf(cohort.teaching, cohort.students)
  const epochs = stages.length * recipe.epochs
  const perEpoch = stepsPerEpoch(splits.learned.count, batchSize)
  const steps = epochs * perEpoch
  let { position, best } = await findBeginning(loop)
  const choice = new CheckpointChoice(
    {
      ...{ recipe, program, perEpoch, learners: stages.at(-1)?.learners ?? [] },
      lastStageStart: (stages.length - 1) * recipe.epochs * perEpoch,
      validationCount: splits.validation?.count ?? 0,
    },
    best,
  )
  onEvent({
    type: 'begin',
    step: position.step,
    epoch: Math.ceil(position.step / perEpoch),
    isTested: position.testTop1 !== null,
  })
  const progress = createProgressReporter({ steps, epochs, batchSize, stepsDone: position.step }, onEvent)
  const hashes = reportWeightHashes(program, steps, onEvent)
  const evaluateIfDue = async () => {
    if (!isEvaluationDue(position.step, perEpoch, recipe)) return
    progress.flush()
    const tested = await examine(loop, position.step)
    progress.flush(tested)
    position = { ...position, testTop1: meanTestScore(tested) }
    choice.consider(position.step, tested)
  }
  const isOver = () => position.testTop1 !== null && choice.isOver(position.step)
  try {
    // The run may have been stopped between a step and its evaluation, before the step's hashes were told.
    if (position.testTop1 === null) {
      await evaluateIfDue()
      hashes.after(position.step, isOver())
    }
    const isResident = execution.residentRows !== undefined
    const parts = { split: splits.learned, unlabelled: unlabelledPart(splits.unlabelled, stages, recipe) }
    const from = { firstStep: isOver() ? steps : position.step, stages: stages.length }
    const chunks = trainingChunks({ ...parts, ...from, dataset, recipe, seed, isResident }, (step) => {
      const evaluation = nextEvaluationAfter(step, perEpoch, recipe)
      const checkpoint = checkpoints?.nextDueAfter(step) ?? evaluation
      const hash = hashes.nextAfter(step)
      return Math.min(execution.stepsPerCall.next, Math.min(evaluation, checkpoint, hash) - step)
    })
    for await (const chunk of progress.awaiting(chunks)) {
      await yieldOrStop()
      for (const { batch, points } of teachChunk(loop, chunk, stages, perEpoch)) {
        requireFinite(points, students)
        progress.add(batch.step + 1, batch.epoch + 1, points)
        position = { step: batch.step + 1, testTop1: null }
      }
      progress.reportIfDue()
      await evaluateIfDue()
      hashes.after(position.step, isOver())
      if (isOver()) break
      if (!checkpoints?.isDue(position)) continue
      progress.flush()
      await checkpoints.save(position, choice.best)
    }
    await checkpoints?.finish(position, choice.best)
  } catch (error) {
    progress.flush()
    if (error instanceof Stopped) await checkpoints?.finish(position, choice.best)
    else await checkpoints?.settle()
    throw error
  }
  const delivered = choice.deliver(position.step, isOver() && position.step < steps)
  for (const message of linesOfDelivery(delivered, recipe)) onEvent({ type: 'log', level: 'INFO', message })
  return delivered
}

/** @returns the points of every step of the chunk */
function teachChunk(
  { order: { recipe }, program, execution }: TrainingLoop,
  chunk: readonly TrainingBatch[],
  stages: readonly Stage[],
  perEpoch: number,
): { batch: TrainingBatch; points: MetricPoint[] }[] {
  const steps = chunk.map((batch) => ({ batch, learningRate: learningRateAt(recipe, batch.step, perEpoch) }))
  const beganAt = performance.now()
  const metrics = program.teach(steps)
  execution.stepsPerCall.measure(steps.length, (performance.now() - beganAt) / 1000)
  const width = metrics.length / steps.length
  return steps.map(({ batch, learningRate }, i) => {
    const own = metrics.subarray(i * width, (i + 1) * width)
    return { batch, points: stepPoints(own, batch.step + 1, stages[batch.stage] as Stage, learningRate) }
  })
}

/** The students' scores after a step. */
async function examine(
  { order, splits, students, program, yieldOrStop }: TrainingLoop,
  step: number,
): Promise<MetricPoint[]> {
  const examinees = { program, students, betweenBatches: yieldOrStop }
  const { examination, validation: pictures } = splits
  const scores = await examination.score(examinees, step)
  const classes = order.dataset.classes.length
  if (pictures) scores.push(...(await scoreStudents(examinees, classes, { name: 'validation', pictures })))
  const points = scores.map((score) => ({ ...score, step }))
  requireFinite(points, students)
  return points
}

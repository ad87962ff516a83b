import type { DeliveredCheckpoint } from '../../../contract/evaluation.ts'
import type { Recipe } from '../../../contract/recipes/recipe.ts'
import type { MetricPoint } from '../../../contract/training.ts'
import type { CohortProgram } from '../cohort-program.ts'
import type { EvaluationEvent } from '../evaluation/examination.ts'
import type { BestOnValidation } from './best-on-validation.ts'

interface Training {
  recipe: Recipe
  program: CohortProgram
  perEpoch: number
  /** Where the last stage begins: before it, those that learn in it are untrained. */
  lastStageStart: number
  /** The students that are trained in the last stage. */
  learners: readonly number[]
  validationCount: number
}

/**
 * Which state of the cohort is delivered, and whether training is over before its end. One choice for the whole cohort,
 * so that an ensemble's members are of the same step; ties go to the earliest. It depends on the evaluations alone, and a
 * run that is resumed with the best so far chooses as one that was never interrupted.
 */
export class CheckpointChoice {
  readonly #training: Training
  #best: BestOnValidation | undefined

  constructor(training: Training, best: BestOnValidation | undefined) {
    this.#training = training
    this.#best = best
  }

  get best(): BestOnValidation | undefined {
    return this.#best
  }

  /** @param points  the scores after this step */
  consider(step: number, points: readonly MetricPoint[]): void {
    const { lastStageStart, learners, program } = this.#training
    const scores = points.filter(
      ({ name, student }) => name === 'validationTop1' && student !== null && learners.includes(student),
    )
    if (step <= lastStageStart || scores.length === 0) return
    const score = scores.reduce((sum, { value }) => sum + value, 0) / scores.length
    if (this.#best === undefined || score > this.#best.score)
      this.#best = { step, score, weights: program.readTrainedWeights() }
  }

  /** Has there been no improvement for so long that training ends? @param step  one after which was evaluated */
  isOver(step: number): boolean {
    const { recipe, perEpoch } = this.#training
    if (recipe.earlyStoppingEpochs === null || !this.#best) return false
    return step - this.#best.step >= recipe.earlyStoppingEpochs * perEpoch
  }

  /** Puts the weights to deliver into the program, whose training is over. */
  deliver(lastStep: number, isEarly: boolean): DeliveredCheckpoint {
    const { recipe, program, perEpoch, validationCount } = this.#training
    const epochOf = (step: number) => Math.round(step / perEpoch)
    const stoppedAfterEpoch = isEarly ? epochOf(lastStep) : null
    const common = { validationCount, stoppedAfterEpoch }
    const best = recipe.deliveredCheckpoint === 'BEST' ? this.#best : undefined
    if (!best)
      return { checkpoint: 'LAST', step: lastStep, epoch: epochOf(lastStep), validationTop1: null, ...common }
    const { step, score, weights } = best
    if (step !== lastStep) program.writeTrainedWeights(weights)
    return { checkpoint: 'BEST', step, epoch: epochOf(step), validationTop1: score, ...common }
  }
}

/** For a run's log. */
export function linesOfDelivery(
  { checkpoint, epoch, validationCount, validationTop1, stoppedAfterEpoch }: DeliveredCheckpoint,
  { earlyStoppingEpochs }: Recipe,
): string[] {
  const lines: string[] = []
  if (stoppedAfterEpoch !== null)
    lines.push(
      `Training stopped early, after epoch ${stoppedAfterEpoch}: the validation accuracy had not improved for ${earlyStoppingEpochs} ${earlyStoppingEpochs === 1 ? 'epoch' : 'epochs'}.`,
    )
  if (checkpoint === 'BEST')
    lines.push(
      `The students are delivered as they were after epoch ${epoch}, the best on ${validationCount} validation images (${(100 * (validationTop1 ?? 0)).toFixed(2)} %).`,
    )
  return lines
}

export function withDelivered(event: EvaluationEvent, delivered: DeliveredCheckpoint): EvaluationEvent {
  return event.type === 'retrieval'
    ? { ...event, evaluation: { ...event.evaluation, delivered } }
    : { ...event, evaluation: { ...event.evaluation, delivered } }
}

/** The score by which checkpoints are compared: mean accuracy, or mean mAP for RETRIEVAL. */
export function meanTestScore(points: readonly MetricPoint[]): number {
  const scores = points.filter(({ name }) => name === 'testTop1' || name === 'testMap')
  return scores.reduce((sum, { value }) => sum + value, 0) / scores.length
}

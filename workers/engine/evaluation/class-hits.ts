/** How many test images of each class are recognized at the evaluations during training. */
import { MAX_CLASS_EVALUATIONS, type TrainingEvent, type TrainingOrder } from '../../../contract/training.ts'
import { stepsPerEpoch } from '../batches/training-batches.ts'
import { stagesOf } from '../teaching/stages.ts'

/** Counts of all that is reported of a run: students and ensemble × classes × evaluations. */
const MAX_COUNTS = 2_000_000

type Report = Extract<TrainingEvent, { type: 'classHits' }>

/** Counts, for every student and for their ensemble if they are several, the images that each recognizes. */
export class ClassHits {
  readonly #hits: number[][]

  constructor(students: number, classes: number) {
    const counted = students > 1 ? students + 1 : students
    this.#hits = Array.from({ length: counted }, () => new Array<number>(classes).fill(0))
  }

  /** @param predicted  each student's predicted class, then the ensemble's if there is one */
  add(predicted: readonly number[], label: number): void {
    for (const [k, hits] of this.#hits.entries())
      if (predicted[k] === label) hits[label] = (hits[label] ?? 0) + 1
  }

  report(step: number): Report {
    const ensemble = this.#hits.length > 1 ? (this.#hits.at(-1) ?? null) : null
    const students = ensemble ? this.#hits.slice(0, -1) : this.#hits
    return { type: 'classHits', step, students, ensemble }
  }
}

/**
 * Whether an evaluation reports its hits: all do, or evenly spaced ones where there are too many, and the last of each
 * stage. It depends on the order alone, so that a resumed run reports the same.
 * @param learned  images that the students learn from
 */
export function reportsClassHits(
  { cohort, recipe, dataset }: Pick<TrainingOrder, 'cohort' | 'recipe' | 'dataset'>,
  learned: number,
): (step: number) => boolean {
  const { epochs, evaluateEveryEpochs, batchSize } = recipe
  const perEpoch = stepsPerEpoch(learned, batchSize)
  const stages = stagesOf(cohort.teaching, cohort.students).length
  const counts = (cohort.students.length + 1) * dataset.classes.length
  const kept = Math.max(1, Math.min(MAX_CLASS_EVALUATIONS - stages, Math.floor(MAX_COUNTS / counts) - stages))
  const stride = Math.max(1, Math.ceil(Math.floor((stages * epochs) / evaluateEveryEpochs) / kept))
  return (step) => {
    const epoch = step / perEpoch
    return epoch % epochs === 0 || epoch % (evaluateEveryEpochs * stride) === 0
  }
}

import type { MetricPoint, TrainingEvent } from '../../../contract/training.ts'
import type { Examinees } from './predictions.ts'

/** A score of a student, or of the whole cohort where `student` is null. */
export type ScorePoint = Omit<MetricPoint, 'step'>

/** The events that report an evaluation; see contract/training.ts. */
export type EvaluationEvent = Extract<TrainingEvent, { type: 'evaluation' | 'retrieval' }>

/** How a cohort is evaluated: on test images of its classes, or by finding unseen identities in a gallery. */
export interface Examination {
  /**
   * A few scores per student during training; the first of each is the one to compare by, higher being
   * better.
   * @param step  after which the students are examined
   */
  score(examinees: Examinees, step: number): Promise<ScorePoint[]>
  /** The full evaluation after training. */
  evaluate(examinees: Examinees): Promise<EvaluationEvent>
  close(): void
}

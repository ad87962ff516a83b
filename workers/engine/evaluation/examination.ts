import type { MetricPoint, TrainingEvent } from '../../../contract/training.ts'
import type { Examinees } from './predictions.ts'

export type StudentPoint = Omit<MetricPoint, 'step'> & { student: number }

/** The events that report an evaluation; see contract/training.ts. */
export type EvaluationEvent = Extract<TrainingEvent, { type: 'evaluation' | 'retrieval' }>

/** How a cohort is evaluated: on test images of its classes, or by finding unseen identities in a gallery. */
export interface Examination {
  /**
   * A few scores per student during training; the first of each is the one to compare by, higher being
   * better.
   */
  score(examinees: Examinees): Promise<StudentPoint[]>
  /** The full evaluation after training. */
  evaluate(examinees: Examinees): Promise<EvaluationEvent>
  close(): void
}

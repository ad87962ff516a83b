import type { MetricPoint, TrainingEvent } from '../../../contract/training.ts'
import type { Examinees } from './predictions.ts'

export type StudentPoint = Omit<MetricPoint, 'step'> & { student: number }

/** What tells of an evaluation: see contract/training.ts. */
export type EvaluationEvent = Extract<TrainingEvent, { type: 'evaluation' | 'retrieval' }>

/** What a cohort is tested with: test images of the classes it learns, or strangers who are to be found again. */
export interface Examination {
  /** A few numbers of every student while it learns; the first of each is the one to compare by, the higher the better. */
  score(examinees: Examinees): Promise<StudentPoint[]>
  /** Everything that is measured once the training is over. */
  evaluate(examinees: Examinees): Promise<EvaluationEvent>
  close(): void
}

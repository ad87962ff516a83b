import type { Look } from './hysteresis.ts'

/** What alarms need to know of a run besides its points. */
export interface AlarmScene {
  /** Names, in cohort order. */
  students: readonly string[]
  classCount: number
  /** 0 for RETRIEVAL, where accuracies are not watched. */
  testCount: number
  /** Accuracy of always answering the most frequent test class. */
  chance: number
  /** Whether students learn from one another's predictions, which neither INDEPENDENT nor DISTILLATION do. */
  isMutual: boolean
}

/** A cohort's scores on the test images after a step, by the student's position. */
export interface Scores {
  step: number
  top1: ReadonlyMap<number, number>
  /** Mean over its peers j of KL(p_j || p_k), nats. */
  divergence: ReadonlyMap<number, number>
  ensembleTop1: number | undefined
  /** Share of images on which two students disagree, averaged over the pairs. */
  disagreement: number | undefined
  /** Accuracy of the student's twin, which learns alone with the same seed, after the same step. */
  twins: ReadonlyMap<number, number>
}

export interface Sight {
  look: Look
  /** What is seen, with its numbers; told if it raises an alarm. */
  message: string
}

import { z } from 'zod'

/** So many suspects of a run are told, the most suspicious first. */
export const MAX_SUSPECTS = 100

const ClassIndex = z.int().min(0)

/** A training image that every student of a run takes for another class than the dataset does. */
export const LabelSuspect = z.strictObject({
  /** In the training split. */
  index: z.int().min(0),
  /** As the dataset has it. */
  label: ClassIndex,
  /** Each student's cross-entropy against that label, nats. */
  losses: z.array(z.number().min(0)).min(1),
  /** The class that each student takes the image for. */
  answers: z.array(ClassIndex).min(1),
  /** The answer of most students; of as many, the one they give more probability to, all together. */
  instead: ClassIndex,
})
export type LabelSuspect = z.infer<typeof LabelSuspect>

/** What a finished run leaves of its training images, for somebody to look at their labels again. */
export const LabelSuspects = z.strictObject({
  format: z.literal('studyhall-label-suspects-1'),
  /** Training images that were looked at. */
  examined: z.int().min(0),
  /** Of those, the ones that every student takes for another class. */
  wrongCount: z.int().min(0),
  /** Names, in the order of the cohort. */
  students: z.array(z.string()),
  /** By the smallest of an image's losses, the greatest first; of equal ones, by index. */
  suspects: z.array(LabelSuspect).max(MAX_SUSPECTS),
})
export type LabelSuspects = z.infer<typeof LabelSuspects>

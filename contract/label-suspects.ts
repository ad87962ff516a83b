import { z } from 'zod'

/** How many suspects of a run are listed, the most suspicious first. */
export const MAX_SUSPECTS = 100

const ClassIndex = z.int().min(0)

/** A training image whose label every student of a run disagrees with. */
export const LabelSuspect = z.strictObject({
  /** Index in the training split. */
  index: z.int().min(0),
  /** The dataset's label. */
  label: ClassIndex,
  /** Each student's cross-entropy against that label, in nats. */
  losses: z.array(z.number().min(0)).min(1),
  /** The class that each student predicts. */
  answers: z.array(ClassIndex).min(1),
  /** The majority prediction; ties go to the class with the highest total probability. */
  instead: ClassIndex,
})
export type LabelSuspect = z.infer<typeof LabelSuspect>

/** Training images of a finished run whose labels a person should review. */
export const LabelSuspects = z.strictObject({
  format: z.literal('studyhall-label-suspects-1'),
  /** Training images examined. */
  examined: z.int().min(0),
  /** Of those, images that every student predicts as another class. */
  wrongCount: z.int().min(0),
  /** Names, in cohort order. */
  students: z.array(z.string()),
  /** In descending order of the image's smallest loss, then by index. */
  suspects: z.array(LabelSuspect).max(MAX_SUSPECTS),
})
export type LabelSuspects = z.infer<typeof LabelSuspects>

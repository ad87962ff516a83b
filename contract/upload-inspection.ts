import { z } from 'zod'
import { Doubt } from './dataset-doubts.ts'
import { FORMAT_NAMES } from './dataset-formats.ts'

/** How many class names are shown before the import; all are counted. */
export const SHOWN_CLASSES = 100

/** Preview of an upload before its import, from file names alone; images are not read. */
export const UploadInspection = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('RECOGNISED'),
    format: z.enum(FORMAT_NAMES),
    title: z.string(),
    kind: z.enum(['CLASSIFICATION', 'RETRIEVAL']),
    classCount: z.int(),
    classes: z.array(z.string()).max(SHOWN_CLASSES),
    splits: z.array(
      z.strictObject({
        name: z.string(),
        count: z.int(),
        /** Image counts of the classes shown, in their order; empty for RETRIEVAL. */
        classCounts: z.array(z.int()).default([]),
      }),
    ),
    leftOutCount: z.int(),
    ignoredCount: z.int(),
    notes: z.array(z.string()),
    doubts: z.array(Doubt).default([]),
  }),
  /** `reason`: why it cannot be imported as it is. */
  z.strictObject({ outcome: z.literal('REFUSED'), reason: z.string() }),
])
export type UploadInspection = z.infer<typeof UploadInspection>

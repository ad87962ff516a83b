import { z } from 'zod'
import { FORMAT_NAMES } from './dataset-formats.ts'

/** Class names that are shown before the import; all are counted. */
export const SHOWN_CLASSES = 100

/** What an upload looks like before it is imported: the names were read, the images were not. */
export const UploadInspection = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('RECOGNISED'),
    format: z.enum(FORMAT_NAMES),
    title: z.string(),
    kind: z.enum(['CLASSIFICATION', 'RETRIEVAL']),
    classCount: z.int(),
    classes: z.array(z.string()).max(SHOWN_CLASSES),
    splits: z.array(z.strictObject({ name: z.string(), count: z.int() })),
    leftOutCount: z.int(),
    ignoredCount: z.int(),
    notes: z.array(z.string()),
  }),
  /** Why it cannot be imported as it is. */
  z.strictObject({ outcome: z.literal('REFUSED'), reason: z.string() }),
])
export type UploadInspection = z.infer<typeof UploadInspection>

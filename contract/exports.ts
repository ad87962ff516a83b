import { z } from 'zod'
import { RunEvaluation } from './evaluation.ts'
import { TrainingOrder } from './training.ts'

/** What the format SAFETENSORS calls a model's weights, in its zip. */
export const WEIGHTS_FILE = 'model.safetensors'
/** Larger ones do not fit a buffer. */
export const MAX_WEIGHT_BYTES = 2 ** 31 - 1

/** What a process that writes a finished run's model in another format is a function of. */
export const ExportOrder = z.strictObject({
  /** The run's own, with `formats` those to write; it is not trained, so that no blob of the dataset is needed. */
  training: TrainingOrder,
  evaluation: RunEvaluation,
  subject: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('student'), index: z.int().min(0) }),
    z.strictObject({ kind: z.literal('ensemble') }),
  ]),
  /** Local file with a student's weights as safetensors, by the student's name. */
  weightPaths: z.record(z.string(), z.string()),
})
export type ExportOrder = z.infer<typeof ExportOrder>

/** What whoever makes a file is about, one after the other. */
export const EXPORT_STEPS = ['READING', 'CONVERTING', 'PACKING', 'STORING'] as const
export type ExportStep = (typeof EXPORT_STEPS)[number]

/** What it tells on its way. */
export const ExportUpdate = z.strictObject({ type: z.literal('step'), step: z.enum(EXPORT_STEPS) })
export type ExportUpdate = z.infer<typeof ExportUpdate>

/** What it answers with, once. */
export const ExportAnswer = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('written'), path: z.string(), fileName: z.string() }),
  z.strictObject({ type: z.literal('failed'), message: z.string() }),
])
export type ExportAnswer = z.infer<typeof ExportAnswer>

/** Everything that it sends. */
export const ExportMessage = z.discriminatedUnion('type', [ExportUpdate, ...ExportAnswer.options])

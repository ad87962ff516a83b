import { z } from 'zod'
import { RunEvaluation } from './evaluation.ts'
import { type ExportFormatName, TrainingOrder } from './training.ts'

/** File name of the weights in the zip of the SAFETENSORS format. */
export const WEIGHTS_FILE = 'model.safetensors'
/** Larger weights do not fit in a buffer. */
export const MAX_WEIGHT_BYTES = 2 ** 31 - 1

/** Formats that are written by images of the dataset: they say what range values have, and what the format costs. */
export const FORMATS_OF_IMAGES: readonly ExportFormatName[] = ['ONNX_INT8']

/** The complete input of a process that exports a finished run's model in another format. */
export const ExportOrder = z.strictObject({
  /**
   * The run's order, with `formats` set to those to write. Nothing is trained, so blobs of the dataset are needed for
   * FORMATS_OF_IMAGES alone: labels, and the shards of which images are taken.
   */
  training: TrainingOrder,
  evaluation: RunEvaluation,
  subject: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('student'), index: z.int().min(0) }),
    z.strictObject({ kind: z.literal('ensemble') }),
  ]),
  /** Local safetensors file with each student's weights, by the student's name. */
  weightPaths: z.record(z.string(), z.string()),
})
export type ExportOrder = z.infer<typeof ExportOrder>

/** The steps of an export, in order. */
export const EXPORT_STEPS = ['READING', 'CONVERTING', 'PACKING', 'STORING'] as const
export type ExportStep = (typeof EXPORT_STEPS)[number]

/** Progress message of an export process. */
export const ExportUpdate = z.strictObject({ type: z.literal('step'), step: z.enum(EXPORT_STEPS) })
export type ExportUpdate = z.infer<typeof ExportUpdate>

/** Final message of an export process; sent once. */
export const ExportAnswer = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('written'), path: z.string(), fileName: z.string() }),
  z.strictObject({ type: z.literal('failed'), message: z.string() }),
])
export type ExportAnswer = z.infer<typeof ExportAnswer>

/** Any message of an export process. */
export const ExportMessage = z.discriminatedUnion('type', [ExportUpdate, ...ExportAnswer.options])

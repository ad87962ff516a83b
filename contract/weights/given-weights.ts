/** Files of weights that a team brings along, and what a worker found in one. */
import { z } from 'zod'
import { FAILURE_LENGTH } from '../limits.ts'
import { Normalization } from '../normalization.ts'
import { Licence, Sha256, SOURCE_FORMS } from '../starting-weights.ts'

/** How many names of tensors are kept of each list; all are counted. */
export const SHOWN_TENSORS = 12
export const SHOWN_WEIGHTS_CLASSES = 100
/** Architectures are kept that have most tensors in common with a file. */
export const MOST_FITS = 12

export const GivenWeightsText = {
  licence: Licence,
  origin: z.string().trim().min(1).max(500, 'a source has at most 500 characters'),
}

const TensorName = z.string().max(200)
const Names = z.strictObject({ shown: z.array(TensorName).max(SHOWN_TENSORS), count: z.int() })

/** Of which images an architecture's first layer is the one that fits. */
export const FIT_IMAGES = ['ANY', 'UP_TO_64_PIXELS', 'ABOVE_64_PIXELS'] as const
export type FitImages = (typeof FIT_IMAGES)[number]

/** How a file fits an architecture, without the classifier, which is of the classes. */
export const WeightsFit = z.strictObject({
  architecture: z.string().max(100),
  images: z.enum(FIT_IMAGES),
  matched: z.int(),
  total: z.int(),
  /** Of the network: what the file does not have, or has in another shape. */
  fresh: z.strictObject({
    shown: z.array(z.strictObject({ name: TensorName, reason: z.string().max(200) })).max(SHOWN_TENSORS),
    count: z.int(),
  }),
  /** Of the file: what the network has no place for. */
  unused: Names,
})
export type WeightsFit = z.infer<typeof WeightsFit>

/** The file's weights as the networks of a family name and lay them out. */
export const FamilyFit = z.strictObject({
  family: z.string().max(40),
  /** Of the weights under this project's names, a blob of its own: what students begin with. */
  sha256: Sha256,
  byteLength: z.int(),
  naming: z.string().max(100),
  normalization: Normalization.nullable(),
  /** What the network that they come from does otherwise. */
  notes: z.array(z.string().max(500)).max(5),
  fits: z.array(WeightsFit).min(1).max(MOST_FITS),
})
export type FamilyFit = z.infer<typeof FamilyFit>

export const GivenWeightsInspection = z.strictObject({
  form: z.enum(SOURCE_FORMS),
  tensors: z.int(),
  /** The first ones that the file tells; null where it tells none, and the classifier is new. */
  classes: z.array(z.string().max(200)).max(SHOWN_WEIGHTS_CLASSES).nullable(),
  classCount: z.int().nullable(),
  /** The one that fits best first. */
  families: z.array(FamilyFit).min(1),
})
export type GivenWeightsInspection = z.infer<typeof GivenWeightsInspection>

/** What a process is asked that reads a file of weights. */
export const WeightsOrder = z.strictObject({
  location: z.string(),
  /** For the weights under this project's names, `<sha256>.safetensors`. */
  outputFolder: z.string(),
})
export type WeightsOrder = z.infer<typeof WeightsOrder>

/** Its only message. */
export const WeightsAnswer = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('read'), inspection: GivenWeightsInspection }),
  /** A sentence for whoever gave the file. */
  z.strictObject({ type: z.literal('refused'), reason: z.string().max(FAILURE_LENGTH) }),
])
export type WeightsAnswer = z.infer<typeof WeightsAnswer>

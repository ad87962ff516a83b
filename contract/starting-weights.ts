/** Weights that a student begins with instead of random ones. */
import { z } from 'zod'
import { Normalization } from './normalization.ts'

/** What the weights were read from; MODEL is a finished model of the registry. */
export const SOURCE_FORMS = ['SAFETENSORS', 'PYTORCH', 'TFJS', 'KERAS', 'MODEL'] as const
export type SourceForm = (typeof SOURCE_FORMS)[number]

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

export const MOST_FROZEN_EPOCHS = 10_000

export const Licence = z.string().trim().min(1).max(200, 'a licence has at most 200 characters')

export const StartingWeights = z.strictObject({
  /** Of the weights under this project's names, `layer/weight`, in the safetensors format: what is read. */
  sha256: Sha256,
  /** Of what is read; missing where that is counted elsewhere. */
  byteLength: z.int().optional(),
  source: z.strictObject({
    /** Of the file, or of the finished model; in the service what the team calls the file. */
    name: z.string().min(1).max(200),
    /** Of the file as it was given. */
    sha256: Sha256,
    form: z.enum(SOURCE_FORMS),
    /** Of the finished model. */
    modelId: z.string().max(60).optional(),
    /** Of the file that the team gave to the service. */
    weightsId: z.string().max(60).optional(),
    /** Where the file comes from, as whoever gave it says. */
    origin: z.string().max(500).optional(),
    /** Whose names its layers have. */
    naming: z.string().max(100),
    /** As whoever gave it says; null if nobody did. */
    licence: Licence.nullable(),
  }),
  /** What the weights expect of images; null where they do not say, and the dataset's own is used. */
  normalization: Normalization.nullable(),
  /** For so many epochs only the layers that are new learn. */
  frozenEpochs: z.int().min(0).max(MOST_FROZEN_EPOCHS).default(0),
})
export type StartingWeights = z.infer<typeof StartingWeights>

interface Channels {
  channels: number
  channelMeans: number[]
  channelDeviations: number[]
}

/**
 * A dataset as its images are normalised for students: by what the weights expect that some of them begin with, else by
 * its own means and deviations. Grey images get the mean over the colours.
 */
export function normalizedFor<Dataset extends Channels>(
  dataset: Dataset,
  students: readonly { start?: StartingWeights | undefined }[],
): Dataset {
  const given = students.find(({ start }) => start?.normalization)?.start?.normalization
  if (!given) return dataset
  const { channels } = dataset
  return {
    ...dataset,
    channelMeans: spread(given.means, channels),
    channelDeviations: spread(given.deviations, channels),
  }
}

function spread(values: number[], channels: number): number[] {
  if (values.length === channels) return values
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Array.from({ length: channels }, () => mean)
}

interface StudentRow {
  name: string
  architecture: string
  weightsSha256: string | null
  start: unknown
}

/** A stored student in the form of the contract, for its parser. */
export function studentOf({ name, architecture, weightsSha256, start }: StudentRow) {
  return { name, architecture, ...(weightsSha256 && { weightsSha256 }), ...(start ? { start } : {}) }
}

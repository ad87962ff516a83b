import { z } from 'zod'

const Channels = z.array(z.number().min(-10).max(10)).min(1).max(3)

/** What is subtracted from each channel of pixels from 0 to 1, and what it is divided by then. */
export const Normalization = z
  .strictObject({ means: Channels, deviations: z.array(z.number().gt(0).max(10)).min(1).max(3) })
  .refine(({ means, deviations }) => means.length === deviations.length, {
    error: 'there are as many means as deviations',
  })
export type Normalization = z.infer<typeof Normalization>

import { z } from 'zod'

const Share = z.number().min(0).max(1)

/** What the test pictures say of a finished run. Shares are of 1, losses in nats. */
export const Evaluation = z.strictObject({
  testCount: z.int().min(1),
  students: z.array(
    z.strictObject({
      name: z.string(),
      architecture: z.string(),
      parameters: z.int(),
      top1: Share,
      loss: z.number(),
    }),
  ),
  ensemble: z.strictObject({
    /** The class with the highest mean posterior. */
    meanPosteriorTop1: Share,
    /** The class whose mean is nearest in the concatenated, normalised feature space. */
    concatenatedFeaturesTop1: Share,
  }),
})
export type Evaluation = z.infer<typeof Evaluation>

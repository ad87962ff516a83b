import { z } from 'zod'

/**
 * How an image is fitted to a dataset's shape: COVER scales it to cover the shape and centre-crops it,
 * CONTAIN scales it to fit inside and fills the rest with the background, STRETCH distorts it.
 */
export const FITS = ['COVER', 'CONTAIN', 'STRETCH'] as const
export type Fit = (typeof FITS)[number]

export const WHITE = '#ffffff'

/** An sRGB colour, `#rrggbb`. */
export const Background = z.string().regex(/^#[0-9a-f]{6}$/, 'a colour is written #rrggbb, in small letters')

/** How images were prepared before packing; images for prediction must be prepared in the same way. */
export const Preparation = z.strictObject({
  fit: z.enum(FITS),
  /** Background for transparent images; null if transparency was dropped, as in versions imported earlier. */
  background: Background.nullable(),
})
export type Preparation = z.infer<typeof Preparation>

export const USUAL_PREPARATION: Preparation = { fit: 'COVER', background: WHITE }

/** For versions imported before the preparation was recorded. */
const EARLIER_PREPARATION: Preparation = { fit: 'COVER', background: null }

export function preparationOf({ preparation }: { preparation?: Preparation | undefined }): Preparation {
  return preparation ?? EARLIER_PREPARATION
}

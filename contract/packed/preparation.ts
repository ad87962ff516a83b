import { z } from 'zod'

/**
 * How an image of another shape is brought to a dataset's: COVER scales it until it covers the shape and cuts the
 * overhang off evenly, CONTAIN scales it until it lies inside and fills the rest with the background, STRETCH distorts it.
 */
export const FITS = ['COVER', 'CONTAIN', 'STRETCH'] as const
export type Fit = (typeof FITS)[number]

export const WHITE = '#ffffff'

/** An sRGB colour as pages and programs write it: `#rrggbb`. */
export const Background = z.string().regex(/^#[0-9a-f]{6}$/, 'a colour is written #rrggbb, in small letters')

/** What an image went through before it was packed, and what every other one has to that a model is to judge. */
export const Preparation = z.strictObject({
  fit: z.enum(FITS),
  /** What transparent images were laid on; null: the transparency was dropped, as versions imported earlier did. */
  background: Background.nullable(),
})
export type Preparation = z.infer<typeof Preparation>

export const USUAL_PREPARATION: Preparation = { fit: 'COVER', background: WHITE }

/** Of a version that was imported before it was written down. */
const EARLIER_PREPARATION: Preparation = { fit: 'COVER', background: null }

export function preparationOf({ preparation }: { preparation?: Preparation | undefined }): Preparation {
  return preparation ?? EARLIER_PREPARATION
}

/** What images go through before they are packed. No Zod here: every page may have it. */

/**
 * How an image is fitted to a dataset's shape: COVER scales it to cover the shape and centre-crops it,
 * CONTAIN scales it to fit inside and fills the rest with the background, STRETCH distorts it.
 */
export const FITS = ['COVER', 'CONTAIN', 'STRETCH'] as const
export type Fit = (typeof FITS)[number]

/** For people. */
export const FIT_WORDS: Record<Fit, string> = {
  COVER: 'Cover the size, cropped at the centre',
  CONTAIN: 'Lie inside it, on the background',
  STRETCH: 'Are stretched to it',
}

export const WHITE = '#ffffff'

/** How images were prepared before packing; images for prediction must be prepared in the same way. */
export interface Preparation {
  fit: Fit
  /** `#rrggbb`, background for transparent images; null if transparency was dropped, as in versions imported earlier. */
  background: string | null
}

export const USUAL_PREPARATION: Preparation = { fit: 'COVER', background: WHITE }

/** For versions imported before the preparation was recorded. */
const EARLIER_PREPARATION: Preparation = { fit: 'COVER', background: null }

export function preparationOf({ preparation }: { preparation?: Preparation | undefined }): Preparation {
  return preparation ?? EARLIER_PREPARATION
}

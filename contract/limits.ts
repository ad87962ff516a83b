/** Limits that pages tell of before the service refuses. No Zod here: every page may have them. */

/** Characters of what people name. */
export const NAME_LENGTHS = { team: 80, apiKey: 80, cohort: 120, dataset: 120 } as const

/** Characters of a model's alias. */
export const ALIAS_LENGTH = 40

/** Characters of a class's name. */
export const CLASS_NAME_LENGTH = 200

export const MAX_UPLOAD_BYTES = 5 * 1024 ** 3

/** Height and width of the images of a dataset, as packed. */
export const IMAGE_PIXELS = { min: 8, max: 512 } as const

/** A run's priority lies between this and its negative. */
export const MAX_PRIORITY = 100

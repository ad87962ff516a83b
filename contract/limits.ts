/**
 * Limits that pages state before the service enforces them. No Zod here, so that every page can import them
 * cheaply.
 */

/** Maximum characters of user-given names. */
export const NAME_LENGTHS = {
  person: 80,
  team: 80,
  apiKey: 80,
  cohort: 120,
  dataset: 120,
  file: 255,
} as const

/** Maximum characters of an e-mail address (RFC 5321). */
export const EMAIL_LENGTH = 320

/** Maximum characters of the reason why a run, an import or an export failed. */
export const FAILURE_LENGTH = 2_000

/** Maximum characters of a model's alias. */
export const ALIAS_LENGTH = 40

/** Maximum characters of a class name. */
export const CLASS_NAME_LENGTH = 200

export const MAX_UPLOAD_BYTES = 5 * 1024 ** 3

/** Height and width of the images of a dataset, as packed. */
export const IMAGE_PIXELS = { min: 8, max: 512 } as const

/** A run's priority is between this and its negative. */
export const MAX_PRIORITY = 100

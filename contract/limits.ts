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
  givenWeights: 120,
  run: 120,
  runView: 80,
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

/** Of a file of weights: the largest architecture has a sixth of that. */
export const MAX_WEIGHTS_FILE_BYTES = 1024 ** 3

/** Height and width of the images of a dataset, as packed. */
export const IMAGE_PIXELS = { min: 8, max: 512 } as const

/** A run's priority is between this and its negative. */
export const MAX_PRIORITY = 100

/** Maximum characters of a run's notes and of one of its tags, and how many tags it has. */
export const NOTES_LENGTH = 10_000
export const TAG_LENGTH = 40
export const MAX_TAGS = 20

/** As many runs as one request cancels, tags or archives. */
export const MAX_RUNS_AT_ONCE = 100

/** How long an invitation is open. */
export const INVITATION_HOURS = { usual: 48, max: 30 * 24 } as const

/** How many people may come by one link. */
export const INVITATION_USES = { max: 500 } as const

/** How long an address that a team gave up leads to it. */
export const OLD_ADDRESS_DAYS = 30

/** How long a team that is to be deleted can still be kept. */
export const TEAM_GRACE_HOURS = 24

/** Maximum characters of a webhook's address, and how many webhooks a team has. */
export const WEBHOOK_URL_LENGTH = 2_000
export const MAX_WEBHOOKS = 10

/** Mails about what happens in teams that a person gets in an hour; more is told in the page. */
export const NOTICE_MAILS_AN_HOUR = 30

/** How many days after it was made a shared link can end at the latest, if it ends by itself. */
export const SHARE_DAYS = { max: 365 } as const

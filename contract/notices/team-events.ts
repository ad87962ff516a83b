/**
 * What happens in a team that people and webhooks are told of: the one list of kinds, with the name by which webhooks
 * know each and its title for people. What is recorded of each is in team-event-data.ts, a sentence about it in
 * team-event-words.ts; neither compiles where one of these kinds is missing. No Zod here: pages import it.
 */
export const TEAM_EVENTS = {
  RUN_SUCCEEDED: { name: 'run.succeeded', title: 'A run succeeded' },
  RUN_FAILED: { name: 'run.failed', title: 'A run failed' },
  RUN_CANCELED: { name: 'run.canceled', title: 'A run was canceled' },
  RUN_PAUSED: { name: 'run.paused', title: 'A run paused' },
  DATASET_READY: { name: 'dataset.ready', title: 'A dataset is ready' },
  MODEL_EXPORTED: { name: 'model.exported', title: 'A model was exported' },
  EXPERIMENT_FINISHED: { name: 'experiment.finished', title: 'An experiment finished' },
  MEMBER_JOINED: { name: 'member.joined', title: 'Somebody joined the team' },
  LIMIT_NEAR: { name: 'limit.near', title: 'The team is near a limit' },
  WEBHOOK_DISABLED: { name: 'webhook.disabled', title: 'A webhook was disabled' },
} as const

export type TeamEventKind = keyof typeof TEAM_EVENTS

export const TEAM_EVENT_KINDS = Object.keys(TEAM_EVENTS) as TeamEventKind[]
/** A webhook is not told that a webhook does not work. */
export const WEBHOOK_EVENT_KINDS: readonly TeamEventKind[] = TEAM_EVENT_KINDS.filter(
  (kind) => kind !== 'WEBHOOK_DISABLED',
)
/** Nobody's things: those who look after the team are told. */
export const ADMIN_EVENT_KINDS: readonly TeamEventKind[] = ['LIMIT_NEAR', 'WEBHOOK_DISABLED']
/** The ends of a run: what whoever waits for one is told. */
export const RUN_END_KINDS: readonly TeamEventKind[] = ['RUN_SUCCEEDED', 'RUN_FAILED', 'RUN_CANCELED']

/** Ways in which a person is told. A notification of the browser needs a page that is open somewhere. */
export const NOTICE_CHANNELS = ['PAGE', 'BROWSER', 'MAIL'] as const
export type NoticeChannel = (typeof NOTICE_CHANNELS)[number]
/** Of whose things: nobody's, those that the person began, or the whole team's. */
export const NOTICE_SCOPES = ['NOTHING', 'OWN', 'TEAM'] as const
export type NoticeScope = (typeof NOTICE_SCOPES)[number]

const OWN_IN_PAGE = { PAGE: 'OWN', BROWSER: 'OWN', MAIL: 'NOTHING' } as const
/** What holds for whoever has chosen nothing: the ends of one's own things in the page, failures also by mail. */
export const USUAL_NOTICES: Record<TeamEventKind, Record<NoticeChannel, NoticeScope>> = {
  RUN_SUCCEEDED: OWN_IN_PAGE,
  RUN_FAILED: { ...OWN_IN_PAGE, MAIL: 'OWN' },
  RUN_CANCELED: { PAGE: 'NOTHING', BROWSER: 'NOTHING', MAIL: 'NOTHING' },
  RUN_PAUSED: OWN_IN_PAGE,
  DATASET_READY: OWN_IN_PAGE,
  MODEL_EXPORTED: OWN_IN_PAGE,
  EXPERIMENT_FINISHED: { ...OWN_IN_PAGE, MAIL: 'OWN' },
  MEMBER_JOINED: OWN_IN_PAGE,
  LIMIT_NEAR: { PAGE: 'OWN', BROWSER: 'OWN', MAIL: 'OWN' },
  WEBHOOK_DISABLED: { PAGE: 'OWN', BROWSER: 'OWN', MAIL: 'OWN' },
}

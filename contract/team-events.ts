/**
 * What happens in a team that people and webhooks are told of: the one list of kinds, with the name by which webhooks
 * know each, its title for people, and what is recorded of it.
 */
import { z } from 'zod'

const Named = z.object({ id: z.string(), name: z.string() })
const DatasetRef = Named.extend({ version: z.int() })

const RunData = z.object({
  run: z.object({ id: z.string(), number: z.int() }),
  cohort: Named,
  dataset: DatasetRef,
  startedBy: Named,
  /** Null for a run that no experiment queued. */
  experiment: z.object({ id: z.string(), number: z.int() }).nullable(),
})
const Ended = RunData.extend({ seconds: z.number().nullable() })
const RunSucceeded = Ended.extend({
  /** Top-1 of the mean posterior, 0 to 1; null for retrieval. */
  accuracy: z.number().nullable(),
  /** Of the concatenated features; null for classification. */
  meanAveragePrecision: z.number().nullable(),
})
const RunFailed = Ended.extend({ failure: z.object({ code: z.string(), message: z.string() }) })
const RunPaused = RunData.extend({ reason: z.enum(['ASKED', 'DISK_FULL']) })
const DatasetReady = z.object({
  dataset: DatasetRef,
  images: z.int(),
  uploadedBy: Named,
})
const ModelExported = z.object({
  /** A model's or an ensemble's id and the student's name; `ensemble` for an ensemble. */
  model: Named,
  format: z.string(),
  fileName: z.string(),
  byteLength: z.int(),
  run: z.object({ id: z.string(), number: z.int() }),
  requestedBy: Named,
})
const ExperimentFinished = z.object({
  experiment: z.object({ id: z.string(), number: z.int(), title: z.string() }),
  /** Whether all runs ended by themselves, its stopping rule ended it, or somebody did. */
  how: z.enum(['ENDED', 'DECIDED', 'CANCELED']),
  runs: z.object({ succeeded: z.int(), failed: z.int(), canceled: z.int() }),
  startedBy: Named,
})
const MemberJoined = z.object({ member: Named, role: z.string(), invitedBy: Named })
const WebhookDisabled = z.object({
  webhook: z.object({ id: z.string(), url: z.string() }),
  failure: z.string(),
})

export const TEAM_EVENTS = {
  RUN_SUCCEEDED: { name: 'run.succeeded', title: 'A run succeeded', data: RunSucceeded },
  RUN_FAILED: { name: 'run.failed', title: 'A run failed', data: RunFailed },
  RUN_CANCELED: { name: 'run.canceled', title: 'A run was canceled', data: Ended },
  RUN_PAUSED: { name: 'run.paused', title: 'A run paused', data: RunPaused },
  DATASET_READY: { name: 'dataset.ready', title: 'A dataset is ready', data: DatasetReady },
  MODEL_EXPORTED: { name: 'model.exported', title: 'A model was exported', data: ModelExported },
  EXPERIMENT_FINISHED: {
    name: 'experiment.finished',
    title: 'An experiment finished',
    data: ExperimentFinished,
  },
  MEMBER_JOINED: { name: 'member.joined', title: 'Somebody joined the team', data: MemberJoined },
  WEBHOOK_DISABLED: { name: 'webhook.disabled', title: 'A webhook was disabled', data: WebhookDisabled },
} as const

export type TeamEventKind = keyof typeof TEAM_EVENTS
export type TeamEventData<Kind extends TeamEventKind = TeamEventKind> = z.infer<
  (typeof TEAM_EVENTS)[Kind]['data']
>

export const TEAM_EVENT_KINDS = Object.keys(TEAM_EVENTS) as TeamEventKind[]
/** A webhook is not told that a webhook does not work. */
export const WEBHOOK_EVENT_KINDS: readonly TeamEventKind[] = TEAM_EVENT_KINDS.filter(
  (kind) => kind !== 'WEBHOOK_DISABLED',
)
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
  WEBHOOK_DISABLED: { PAGE: 'OWN', BROWSER: 'OWN', MAIL: 'OWN' },
}

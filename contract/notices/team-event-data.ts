/** What is recorded of a team event, by its kind, and posted to webhooks as `data`. */
import { z } from 'zod'
import type { TeamEventKind } from './team-events.ts'

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
const RunPaused = RunData.extend({ reason: z.enum(['ASKED', 'DISK_FULL', 'QUOTA']) })
const DatasetReady = z.object({
  dataset: DatasetRef,
  images: z.int(),
  /** Who uploaded or edited it. */
  createdBy: Named,
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
const LimitNear = z.object({
  limit: z.enum(['STORED_BYTES', 'DEVICE_HOURS']),
  /** In bytes, or hours of the month, as `soft` and `hard` are. */
  used: z.number(),
  /** The limit from which on it is told. */
  soft: z.number(),
  /** What is refused from there on; null for no limit. */
  hard: z.number().nullable(),
})
const WebhookDisabled = z.object({
  webhook: z.object({ id: z.string(), url: z.string() }),
  failure: z.string(),
})

export const TEAM_EVENT_DATA = {
  RUN_SUCCEEDED: RunSucceeded,
  RUN_FAILED: RunFailed,
  RUN_CANCELED: Ended,
  RUN_PAUSED: RunPaused,
  DATASET_READY: DatasetReady,
  MODEL_EXPORTED: ModelExported,
  EXPERIMENT_FINISHED: ExperimentFinished,
  MEMBER_JOINED: MemberJoined,
  LIMIT_NEAR: LimitNear,
  WEBHOOK_DISABLED: WebhookDisabled,
} satisfies Record<TeamEventKind, z.ZodType>

export type TeamEventData<Kind extends TeamEventKind = TeamEventKind> = z.infer<
  (typeof TEAM_EVENT_DATA)[Kind]
>

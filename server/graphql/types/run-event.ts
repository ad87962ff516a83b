import type {
  AlarmChangedResolvers,
  CheckpointSavedResolvers,
  EvaluationCompletedResolvers,
  LogWrittenResolvers,
  MetricsRecordedResolvers,
  RunEventResolvers,
  RunStatusChangedResolvers,
} from '../generated/resolvers.ts'
import { toVerdict } from './evaluation.ts'

const TYPES = {
  STATUS: 'RunStatusChanged',
  METRICS: 'MetricsRecorded',
  EVALUATION: 'EvaluationCompleted',
  LOG: 'LogWritten',
  CHECKPOINT: 'CheckpointSaved',
  ALARM: 'AlarmChanged',
} as const

export const RunEvent: RunEventResolvers = {
  __resolveType: ({ payload }) => TYPES[payload.kind],
}

export const RunStatusChanged: RunStatusChangedResolvers = {
  status: ({ payload }) => payload.status,
  phase: ({ payload }) => payload.phase,
  attempt: ({ payload }) => payload.attempt,
  failure: ({ payload }) => payload.failure,
  pauseReason: ({ payload }) => payload.pauseReason ?? null,
}

export const MetricsRecorded: MetricsRecordedResolvers = {
  progress: ({ payload }) => payload,
  firstSeq: ({ firstSeq, seq }) => firstSeq ?? seq,
  pointsLeftOut: ({ pointsLeftOut }) => pointsLeftOut ?? 0,
}

export const EvaluationCompleted: EvaluationCompletedResolvers = {
  evaluation: ({ payload }) => toVerdict(payload.evaluation).evaluation,
  retrieval: ({ payload }) => toVerdict(payload.evaluation).retrieval,
}

export const LogWritten: LogWrittenResolvers = {
  level: ({ payload }) => payload.level,
  source: ({ payload }) => payload.source ?? 'TRAINING',
  message: ({ payload }) => payload.message,
}

export const CheckpointSaved: CheckpointSavedResolvers = {
  step: ({ payload }) => payload.step,
  epoch: ({ payload }) => payload.epoch,
  byteLength: ({ payload }) => payload.byteLength,
  testTop1: ({ payload }) => payload.testTop1,
}

export const AlarmChanged: AlarmChangedResolvers = {
  step: ({ payload }) => payload.step,
  isOver: ({ payload }) => payload.isOver,
  finding: ({ payload }) => payload.finding,
}

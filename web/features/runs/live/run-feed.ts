import { isEnded, isHeld } from '../../../../contract/runs/run-states.ts'
import { type RunClock, withReport } from '../../../charts/run-clock.ts'
import type { RunEventsSubscription, RunPageQuery } from '../../../graphql/generated/operations.ts'
import { durationSeconds } from '../../run-list/run-facts.ts'
import { type Curve, truncateForAttempt, withNewestNumbers, withSeries } from './curves.ts'
import { addLine, cutTail, type LogTail, openTail, toLine } from './log-tail.ts'

export type PageRun = NonNullable<NonNullable<RunPageQuery['team']>['run']>
export type LiveEvent = RunEventsSubscription['runEvents']
type StatusEvent = Extract<LiveEvent, { __typename: 'RunStatusChanged' }>
type AlarmEvent = Extract<LiveEvent, { __typename: 'AlarmChanged' }>
type MetricsEvent = Extract<LiveEvent, { __typename: 'MetricsRecorded' }>

/** The state of a run's page: the query's result, plus every event since, applied once. */
export interface RunFeed {
  run: PageRun
  curves: readonly Curve[]
  /** When its steps were reached. */
  clock: RunClock
  /** The latest event applied. */
  seq: number
  log: LogTail
  /** The latest event that may have changed the run's attempts or checkpoints. */
  historySeq: number
  /** Whether the current attempt has reported points, and with them where it started. */
  hasBegun: boolean
  /** Points that were left out because the stream fell behind. */
  pointsLeftOut: number
}

/** @param before  the current feed, if the run has only been refetched */
export function openFeed(run: PageRun, before: RunFeed | null = null): RunFeed {
  const seq = run.lastSeq
  // If the stream is behind the query's result, lines in between are missing.
  const log =
    before && before.run.id === run.id && before.seq >= seq ? cutTail(before.log, seq) : openTail(seq)
  const curves = run.metrics.map((series) => ({ ...series }))
  return { run, curves, clock: run.pace, seq, log, historySeq: seq, hasBegun: false, pointsLeftOut: 0 }
}

/** Applies an event; returns the same feed if it was already applied. */
export function applyEvent(feed: RunFeed, event: LiveEvent): RunFeed {
  if (event.seq <= feed.seq) return feed
  const next = { ...feed, seq: event.seq }
  switch (event.__typename) {
    case 'RunStatusChanged':
      return withStatus(next, event)
    case 'MetricsRecorded':
      return withMetrics(next, event)
    case 'EvaluationCompleted':
      return { ...next, run: { ...feed.run, evaluation: event.evaluation, retrieval: event.retrieval } }
    case 'LogWritten': {
      const { level, source, message } = event
      const line = toLine(event, feed.run.attempt, { kind: 'LOG', level, source, message })
      return { ...next, log: addLine(feed.log, line) }
    }
    case 'CheckpointSaved':
      return { ...next, historySeq: event.seq }
    case 'AlarmChanged':
      return { ...next, run: { ...feed.run, findings: withAlarm(feed.run.findings, event) } }
    default:
      return next
  }
}

function withStatus(feed: RunFeed, event: StatusEvent): RunFeed {
  const { seq, status, phase, attempt, failure, pauseReason, at } = event
  const { run } = feed
  const isQueued = status === 'QUEUED'
  const line = toLine(event, attempt, { kind: 'STATUS', status, phase, failure })
  return {
    ...feed,
    log: addLine(feed.log, line),
    historySeq: seq,
    hasBegun: false,
    run: {
      ...run,
      status,
      phase,
      attempt,
      failure,
      pauseReason,
      queuePosition: isQueued ? run.queuePosition : null,
      waitingReason: isQueued ? run.waitingReason : null,
      startedAt: run.startedAt ?? (status === 'STARTING' || status === 'RUNNING' ? at : null),
      finishedAt: isEnded(status) ? at : null,
      ...withAttempt(run, isHeld(status), at),
    },
  }
}

/** The alarms that are open after an event. */
function withAlarm(findings: PageRun['findings'], { isOver, finding }: AlarmEvent): PageRun['findings'] {
  const others = findings.filter(({ code, student }) => code !== finding.code || student !== finding.student)
  return isOver ? others : [...others, finding]
}

/** An attempt starts when a worker claims the run and ends when none holds it. */
function withAttempt({ attemptSeconds, attemptStartedAt }: PageRun, held: boolean, at: string) {
  if (held) return { attemptSeconds, attemptStartedAt: attemptStartedAt ?? at }
  const endedMs = attemptStartedAt === null ? 0 : Date.parse(at) - Date.parse(attemptStartedAt)
  return { attemptSeconds: attemptSeconds + endedMs / 1000, attemptStartedAt: null }
}

function withMetrics(feed: RunFeed, { seq, at, progress, series, pointsLeftOut }: MetricsEvent): RunFeed {
  const before = feed.hasBegun ? feed.curves : truncateForAttempt(feed.curves, series)
  const curves = withSeries(before, series)
  return {
    ...feed,
    curves,
    clock: withReport(feed.clock, progress.step, durationSeconds(feed.run, Date.parse(at)) ?? 0),
    historySeq: feed.hasBegun ? feed.historySeq : seq,
    hasBegun: true,
    pointsLeftOut: feed.pointsLeftOut + pointsLeftOut,
    run: { ...feed.run, progress, students: withNewestNumbers(feed.run.students, curves) },
  }
}

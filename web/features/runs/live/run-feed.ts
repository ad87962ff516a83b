import { isEnded } from '../../../../contract/run-states.ts'
import type { RunEventsSubscription, RunPageQuery } from '../../../graphql/generated/operations.ts'

export type PageRun = NonNullable<NonNullable<RunPageQuery['team']>['run']>
export type LiveEvent = RunEventsSubscription['runEvents']
export interface Curve {
  student: number | null
  name: string
  steps: number[]
  values: number[]
}

/** A run as its page knows it: what the query said, and every event since, each once. */
export interface RunFeed {
  run: PageRun
  curves: Curve[]
  /** The newest event that is in it. */
  seq: number
  /** The newest event that may be a line of the log. */
  logSeq: number
}

export function openFeed(run: PageRun): RunFeed {
  return { run, curves: run.metrics.map((series) => ({ ...series })), seq: run.lastSeq, logSeq: run.lastSeq }
}

/** The feed with an event in it; the same feed where the event was in it already. */
export function applyEvent(feed: RunFeed, event: LiveEvent): RunFeed {
  if (event.seq <= feed.seq) return feed
  const next = { ...feed, seq: event.seq }
  switch (event.__typename) {
    case 'RunStatusChanged':
      return { ...next, logSeq: event.seq, run: withStatus(feed.run, event) }
    case 'MetricsRecorded':
      return {
        ...next,
        run: { ...feed.run, progress: event.progress, students: withNewest(feed.run.students, event.series) },
        curves: withSeries(feed.curves, event.series),
      }
    case 'EvaluationCompleted':
      return { ...next, run: { ...feed.run, evaluation: event.evaluation, retrieval: event.retrieval } }
    case 'LogWritten':
      return { ...next, logSeq: event.seq }
    default:
      return next
  }
}

function withStatus(run: PageRun, event: Extract<LiveEvent, { __typename: 'RunStatusChanged' }>): PageRun {
  const { status, phase, attempt, failure, pauseReason, at } = event
  return {
    ...run,
    status,
    phase,
    attempt,
    failure,
    pauseReason,
    queuePosition: status === 'QUEUED' ? run.queuePosition : null,
    waitingReason: status === 'QUEUED' ? run.waitingReason : null,
    startedAt: run.startedAt ?? (status === 'STARTING' || status === 'RUNNING' ? at : null),
    finishedAt: isEnded(status) ? at : null,
  }
}

/** Appends to the curves. A step that a curve has already was counted by the query: it is not doubled. */
function withSeries(curves: Curve[], series: readonly Curve[]): Curve[] {
  const next = [...curves]
  for (const { student, name, steps, values } of series) {
    const place = next.findIndex((curve) => curve.student === student && curve.name === name)
    const curve = next[place] ?? { student, name, steps: [], values: [] }
    const last = curve.steps.at(-1) ?? -1
    const fresh = steps.findIndex((step) => step > last)
    if (fresh < 0) continue
    next[place < 0 ? next.length : place] = {
      ...curve,
      steps: [...curve.steps, ...steps.slice(fresh)],
      values: [...curve.values, ...values.slice(fresh)],
    }
  }
  return next
}

function withNewest(students: PageRun['students'], series: readonly Curve[]): PageRun['students'] {
  return students.map((student) => {
    const valuesOf = (name: string) =>
      series.find((one) => one.student === student.student.position && one.name === name)?.values ?? []
    const newest = (name: string) => valuesOf(name).at(-1)
    const best = (name: string, before: number | null) => {
      const values = valuesOf(name)
      return values.length === 0 ? before : Math.max(before ?? 0, ...values)
    }
    return {
      ...student,
      lastLoss: newest('loss') ?? student.lastLoss,
      lastTrainTop1: newest('trainTop1') ?? student.lastTrainTop1,
      lastTestTop1: newest('testTop1') ?? student.lastTestTop1,
      bestTestTop1: best('testTop1', student.bestTestTop1),
      lastTestMap: newest('testMap') ?? student.lastTestMap,
      bestTestMap: best('testMap', student.bestTestMap),
    }
  })
}

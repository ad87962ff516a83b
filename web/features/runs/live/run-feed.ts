import type { RunEventsSubscription, RunPageQuery } from '../../../graphql/generated/operations.ts'

export type PageRun = NonNullable<NonNullable<RunPageQuery['team']>['run']>
export type LiveEvent = RunEventsSubscription['runEvents']
type Point = Extract<LiveEvent, { __typename: 'MetricsRecorded' }>['points'][number]

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
        run: { ...feed.run, progress: event.progress, students: withNewest(feed.run.students, event.points) },
        curves: withPoints(feed.curves, event.points),
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
  const { status, phase, attempt, failure, at } = event
  const ended = status === 'SUCCEEDED' || status === 'FAILED' || status === 'CANCELED'
  return {
    ...run,
    status,
    phase,
    attempt,
    failure,
    queuePosition: status === 'QUEUED' ? run.queuePosition : null,
    startedAt: run.startedAt ?? (status === 'STARTING' || status === 'RUNNING' ? at : null),
    finishedAt: ended ? at : null,
  }
}

/** Appends points to their curves. A step that a curve has already was counted by the query: it is not doubled. */
function withPoints(curves: Curve[], points: Point[]): Curve[] {
  const next = [...curves]
  const fresh = new Set<Curve>()
  for (const { student, name, step, value } of points) {
    const place = next.findIndex((curve) => curve.student === student && curve.name === name)
    let curve = next[place] ?? { student, name, steps: [], values: [] }
    if (!fresh.has(curve)) {
      curve = { ...curve, steps: [...curve.steps], values: [...curve.values] }
      fresh.add(curve)
      if (place < 0) next.push(curve)
      else next[place] = curve
    }
    if (step <= (curve.steps.at(-1) ?? -1)) continue
    curve.steps.push(step)
    curve.values.push(value)
  }
  return next
}

function withNewest(students: PageRun['students'], points: Point[]): PageRun['students'] {
  return students.map((student) => {
    const newest = (name: string) =>
      points.findLast((point) => point.student === student.student.position && point.name === name)?.value
    const testTop1 = newest('testTop1')
    const testMap = newest('testMap')
    return {
      ...student,
      lastLoss: newest('loss') ?? student.lastLoss,
      lastTrainTop1: newest('trainTop1') ?? student.lastTrainTop1,
      lastTestTop1: testTop1 ?? student.lastTestTop1,
      lastTestMap: testMap ?? student.lastTestMap,
      bestTestMap: testMap === undefined ? student.bestTestMap : Math.max(testMap, student.bestTestMap ?? 0),
      bestTestTop1:
        testTop1 === undefined ? student.bestTestTop1 : Math.max(testTop1, student.bestTestTop1 ?? 0),
    }
  })
}

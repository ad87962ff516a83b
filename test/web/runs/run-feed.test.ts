import { describe, expect, it } from 'vitest'
import {
  applyEvent,
  type LiveEvent,
  openFeed,
  type RunFeed,
} from '../../../web/features/runs/live/run-feed.ts'
import {
  atOf,
  checkpointEvent,
  evaluationEvent,
  logEvent,
  metricsEvent,
  pageRun,
  seriesOf,
  statusEvent,
} from './page-run.ts'

const applyAll = (events: LiveEvent[], feed = openFeed(pageRun())) => events.reduce(applyEvent, feed)
const studentOf = ({ run }: RunFeed, position: number) => run.students[position]

describe('a change of state', () => {
  it('takes a waiting run out of the queue, and nothing of its waiting stays', () => {
    const waiting = pageRun({ queuePosition: 3, waitingReason: 'No worker is running.' })
    const taken = statusEvent(1, { status: 'STARTING', phase: 'LOADING' })
    const { run } = applyEvent(openFeed(waiting), taken)
    expect(run).toMatchObject({
      status: 'STARTING',
      phase: 'LOADING',
      queuePosition: null,
      waitingReason: null,
      startedAt: atOf(1),
      finishedAt: null,
    })
  })

  it('keeps the first start through every later attempt', () => {
    const { run } = applyAll([
      statusEvent(1, { status: 'STARTING', phase: 'LOADING' }),
      statusEvent(2, { status: 'QUEUED', phase: null, attempt: 2 }),
      statusEvent(3, { status: 'STARTING', phase: 'LOADING', attempt: 2 }),
    ])
    expect(run).toMatchObject({ attempt: 2, startedAt: atOf(1) })
  })

  it.each(['SUCCEEDED', 'FAILED', 'CANCELED'] as const)('to %s ends it then', (status) => {
    const { run } = applyAll([statusEvent(1), statusEvent(2, { status, phase: null })])
    expect(run).toMatchObject({ status, phase: null, finishedAt: atOf(2) })
  })

  it.each(['ASKED', 'DISK_FULL'] as const)(
    'says why it pauses, and forgets it when it goes on: %s',
    (pauseReason) => {
      const paused = applyAll([statusEvent(1, { status: 'PAUSED', phase: null, pauseReason })])
      expect(paused.run).toMatchObject({ status: 'PAUSED', phase: null, pauseReason })
      const resumed = applyEvent(paused, statusEvent(2, { status: 'QUEUED', phase: null, attempt: 2 }))
      expect(resumed.run).toMatchObject({ status: 'QUEUED', attempt: 2, pauseReason: null })
    },
  )

  it('brings why it failed, and forgets it when it is tried again', () => {
    const failure = { code: 'INTERNAL', message: 'It broke.' } as const
    const failed = applyAll([statusEvent(1, { status: 'FAILED', phase: null, failure })])
    expect(failed.run.failure).toEqual(failure)
    const again = applyEvent(failed, statusEvent(2, { status: 'QUEUED', phase: null, attempt: 2 }))
    expect(again.run).toMatchObject({ failure: null, finishedAt: null })
  })
})

describe('measured numbers', () => {
  it('lengthen their curves and become the students’ newest and best', () => {
    const feed = applyAll([
      metricsEvent(1, [seriesOf(0, 'loss', { 1: 2, 2: 1.5 }), seriesOf(0, 'testTop1', { 2: 0.6 })]),
      metricsEvent(2, [seriesOf(0, 'loss', { 3: 1.7 }), seriesOf(0, 'testTop1', { 4: 0.5 })]),
    ])
    expect(feed.curves).toEqual([
      seriesOf(0, 'loss', { 1: 2, 2: 1.5, 3: 1.7 }),
      seriesOf(0, 'testTop1', { 2: 0.6, 4: 0.5 }),
    ])
    expect(studentOf(feed, 0)).toMatchObject({ lastLoss: 1.7, lastTestTop1: 0.5, bestTestTop1: 0.6 })
    expect(studentOf(feed, 1)).toMatchObject({ lastLoss: null, bestTestTop1: null })
    expect(feed.run.progress.step).toBe(4)
  })

  it('of the whole run are a curve of their own', () => {
    const { curves } = applyAll([metricsEvent(1, [seriesOf(null, 'learningRate', { 1: 0.1 })])])
    expect(curves).toEqual([seriesOf(null, 'learningRate', { 1: 0.1 })])
  })

  it('that the query had counted already are there once', () => {
    const metrics = [seriesOf(0, 'loss', { 1: 2, 2: 1.9, 3: 1.8 }), seriesOf(0, 'testTop1', { 3: 0.5 })]
    const feed = applyAll(
      [
        metricsEvent(6, [seriesOf(0, 'loss', { 2: 1.9 })]),
        metricsEvent(7, [seriesOf(0, 'loss', { 3: 1.8, 4: 1.7 }), seriesOf(0, 'testTop1', { 3: 0.5 })]),
      ],
      openFeed(pageRun({ lastSeq: 5, metrics })),
    )
    expect(feed.curves).toEqual([
      seriesOf(0, 'loss', { 1: 2, 2: 1.9, 3: 1.8, 4: 1.7 }),
      seriesOf(0, 'testTop1', { 3: 0.5 }),
    ])
  })

  it('replace what an earlier attempt measured beyond its checkpoint', () => {
    const feed = applyAll([
      metricsEvent(1, [
        seriesOf(0, 'loss', { 1: 2, 2: 1.9, 3: 1.8, 4: 1.7 }),
        seriesOf(0, 'testTop1', { 2: 0.5, 4: 0.9 }),
      ]),
      statusEvent(2, { status: 'QUEUED', phase: null, attempt: 2 }),
      statusEvent(3, { attempt: 2 }),
      metricsEvent(4, [seriesOf(0, 'loss', { 3: 1.75 })]),
    ])
    expect(feed.curves).toEqual([
      seriesOf(0, 'loss', { 1: 2, 2: 1.9, 3: 1.75 }),
      seriesOf(0, 'testTop1', { 2: 0.5 }),
    ])
    expect(studentOf(feed, 0)).toMatchObject({ lastTestTop1: 0.5, bestTestTop1: 0.5 })
  })

  it('keep the step of a checkpoint whose test alone is made up for', () => {
    const feed = applyAll([
      metricsEvent(1, [seriesOf(0, 'loss', { 1: 2, 2: 1.9 })]),
      statusEvent(2, { status: 'QUEUED', phase: null, attempt: 2 }),
      statusEvent(3, { attempt: 2 }),
      metricsEvent(4, [seriesOf(0, 'testTop1', { 2: 0.5 })]),
    ])
    expect(feed.curves).toEqual([seriesOf(0, 'loss', { 1: 2, 2: 1.9 }), seriesOf(0, 'testTop1', { 2: 0.5 })])
  })

  it('that are no numbers are drawn as such, and are never the best', () => {
    const feed = applyAll([
      metricsEvent(1, [seriesOf(0, 'loss', { 1: Number.NaN }), seriesOf(0, 'testTop1', { 1: 0.4 })]),
      metricsEvent(2, [seriesOf(0, 'testTop1', { 2: Number.NaN })]),
      metricsEvent(3, [seriesOf(0, 'testTop1', { 3: 0.3 })]),
    ])
    expect(feed.curves[0]?.values).toEqual([Number.NaN])
    expect(studentOf(feed, 0)).toMatchObject({ lastLoss: Number.NaN, lastTestTop1: 0.3, bestTestTop1: 0.4 })
  })

  it('of an event without a point change nothing but how far the run is', () => {
    const before = applyAll([metricsEvent(1, [seriesOf(0, 'loss', { 1: 2 })])])
    const after = applyEvent(before, { ...metricsEvent(2, [seriesOf(0, 'loss', { 9: 0 })]), series: [] })
    expect(after.curves).toEqual(before.curves)
    expect(after.run.progress.step).toBe(9)
  })
})

describe('what is said', () => {
  it('is a line of the log, of the attempt in which it was said; so is a change of state', () => {
    const { log } = applyAll([
      statusEvent(1, { status: 'STARTING', phase: 'LOADING' }),
      logEvent(2, 'Label noise:\n 20 of 100'),
      statusEvent(3, { status: 'QUEUED', phase: null, attempt: 2 }),
      logEvent(4, 'again', { level: 'WARN', source: 'WORKER' }),
    ])
    const worker = { level: 'INFO', source: 'WORKER' }
    expect(log.lines).toEqual([
      { seq: 1, at: atOf(1), attempt: 1, ...worker, text: 'Starting, loading images' },
      {
        seq: 2,
        at: atOf(2),
        attempt: 1,
        level: 'INFO',
        source: 'TRAINING',
        text: 'Label noise: 20 of 100',
      },
      { seq: 3, at: atOf(3), attempt: 2, ...worker, text: 'Queued' },
      { seq: 4, at: atOf(4), attempt: 2, level: 'WARN', source: 'WORKER', text: 'again' },
    ])
  })

  it('changes nothing of the run', () => {
    const before = applyAll([statusEvent(1)])
    expect(applyEvent(before, logEvent(2)).run).toBe(before.run)
  })
})

it('the verdict of the test images is the run’s', () => {
  const event = evaluationEvent(1)
  const { run } = applyAll([event])
  expect(run).toMatchObject({ evaluation: event.evaluation, retrieval: null })
})

describe('attempts and checkpoints are to be read again', () => {
  const feed = applyAll([
    statusEvent(1),
    metricsEvent(2, [seriesOf(0, 'loss', { 1: 2 })]),
    metricsEvent(3, [seriesOf(0, 'loss', { 2: 2 })]),
  ])

  it.each([
    ['a change of state', statusEvent(4, { phase: 'EVALUATING' }), 4],
    ['a checkpoint', checkpointEvent(4, 2), 4],
    ['a line of the log', logEvent(4), 2],
    ['further numbers', metricsEvent(4, [seriesOf(0, 'loss', { 3: 2 })]), 2],
  ])('or not, after %s', (_, event, historySeq) => {
    expect(applyEvent(feed, event).historySeq).toBe(historySeq)
  })

  it('after the first numbers of an attempt: where it began is known since', () => {
    expect(feed.historySeq).toBe(2)
  })
})

describe('an event that is in it already', () => {
  const feed = applyAll([statusEvent(1), logEvent(2), metricsEvent(3, [seriesOf(0, 'loss', { 1: 2 })])])

  it.each([
    ['the newest', metricsEvent(3, [seriesOf(0, 'loss', { 1: 2 })])],
    ['an older one, out of order', statusEvent(1)],
    ['an older line', logEvent(2)],
  ])('changes nothing: %s', (_, event) => {
    expect(applyEvent(feed, event)).toBe(feed)
  })

  it('changes nothing where the query had it', () => {
    const read = openFeed(pageRun({ lastSeq: 5, status: 'PAUSED' }))
    expect(applyEvent(read, statusEvent(5))).toBe(read)
    expect(applyEvent(read, statusEvent(6)).run.status).toBe('RUNNING')
  })
})

describe('a run that is read again', () => {
  const before = applyAll([statusEvent(1), logEvent(2), logEvent(3), logEvent(4)])

  it('keeps the lines that the stream had brought', () => {
    expect(openFeed(pageRun({ lastSeq: 4 }), before).log).toEqual(before.log)
  })

  it('takes those after the answer anew, since the stream brings them again', () => {
    const reread = openFeed(pageRun({ lastSeq: 3 }), before)
    expect(reread.log.lines.map(({ seq }) => seq)).toEqual([1, 2, 3])
    expect(applyEvent(reread, logEvent(4)).log).toEqual(before.log)
  })

  it('says that lines are missing where the answer is ahead of the stream', () => {
    expect(openFeed(pageRun({ lastSeq: 9 }), before).log).toEqual({ after: 9, lines: [] })
  })

  it('takes no line of another run', () => {
    expect(openFeed(pageRun({ id: 'run_2', lastSeq: 4 }), before).log).toEqual({ after: 4, lines: [] })
  })
})

import { describe, expect, it } from 'vitest'
import { applyEvent, type LiveEvent, openFeed, type PageRun } from '../../web/features/runs/live/run-feed.ts'

const AT = '2026-11-27T08:00:00.000Z'

/** What the reducer reads of a run; the page knows more. */
const run = {
  status: 'RUNNING',
  phase: 'TRAINING',
  attempt: 1,
  failure: null,
  pauseReason: null,
  queuePosition: null,
  waitingReason: null,
  startedAt: AT,
  finishedAt: null,
  lastSeq: 7,
  metrics: [],
  students: [],
} as unknown as PageRun

type StatusChange = Extract<LiveEvent, { __typename: 'RunStatusChanged' }>

const change = (seq: number, more: Partial<StatusChange>): LiveEvent => ({
  ...{ __typename: 'RunStatusChanged', seq, at: AT, attempt: 1 },
  ...{ status: 'RUNNING', phase: null, failure: null, pauseReason: null },
  ...more,
})

describe('a run that is followed', () => {
  it.each(['ASKED', 'DISK_FULL'] as const)('says why it is paused as soon as it is: %s', (pauseReason) => {
    const paused = applyEvent(openFeed(run), change(8, { status: 'PAUSED', pauseReason }))
    expect(paused.run).toMatchObject({ status: 'PAUSED', phase: null, pauseReason })
  })

  it('forgets why it was paused once it is resumed, and why it waited once it is taken', () => {
    const paused = applyEvent(openFeed(run), change(8, { status: 'PAUSED', pauseReason: 'DISK_FULL' }))
    const queued = applyEvent(paused, change(9, { status: 'QUEUED', attempt: 2 }))
    expect(queued.run).toMatchObject({ status: 'QUEUED', attempt: 2, pauseReason: null })
    const waiting = {
      ...queued,
      run: { ...queued.run, waitingReason: 'No worker is there.', queuePosition: 0 },
    }
    const taken = applyEvent(waiting, change(10, { status: 'STARTING', phase: 'LOADING', attempt: 2 }))
    expect(taken.run).toMatchObject({ status: 'STARTING', waitingReason: null, queuePosition: null })
  })

  it('changes nothing by an event that the query knew already', () => {
    const feed = openFeed(run)
    expect(applyEvent(feed, change(7, { status: 'PAUSED', pauseReason: 'ASKED' }))).toBe(feed)
  })
})

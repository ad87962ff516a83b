import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wordLogLine } from '../../../contract/runs/run-log.ts'
import type { LogLine } from '../../../web/features/runs/live/log-tail.ts'
import {
  applyEvent,
  type LiveEvent,
  openFeed,
  type RunFeed,
} from '../../../web/features/runs/live/run-feed.ts'
import {
  EMPTY_BUFFER,
  isBehind,
  type LogBuffer,
  withPage,
  withTail,
} from '../../../web/features/runs/log/log-buffer.ts'
import { happenings, SimulatedRun } from './simulated-run.ts'

/** What a page draws of a feed. */
function drawn({ run, curves }: RunFeed) {
  const { metrics, lastSeq, ...shown } = run
  const sorted = curves.toSorted((a, b) => `${a.student} ${a.name}`.localeCompare(`${b.student} ${b.name}`))
  return { ...shown, curves: sorted }
}

const isAfter = (seq: number) => (event: LiveEvent) => event.seq > seq

function readingAt({ readings }: SimulatedRun, seq: number) {
  const reading = readings[seq]
  if (!reading) throw new Error(`There is no reading after event ${seq}.`)
  return reading
}

describe('a page that follows a run by its events', () => {
  it('shows after each of them what a page shows that is loaded then', () => {
    fc.assert(
      fc.property(happenings, (happened) => {
        const simulated = new SimulatedRun(happened)
        let feed = openFeed(readingAt(simulated, 0))
        for (const event of simulated.events) {
          feed = applyEvent(feed, event)
          expect(drawn(feed)).toEqual(drawn(openFeed(readingAt(simulated, event.seq))))
        }
      }),
    )
  })

  it('ends alike wherever it was loaded, and whatever of that the query had seen beyond its last event', () => {
    fc.assert(
      fc.property(happenings, fc.nat(), fc.nat(3), (happened, place, ahead) => {
        const simulated = new SimulatedRun(happened)
        const lastSeq = place % simulated.readings.length
        // The row is read first and the curves after it.
        const late = readingAt(simulated, Math.min(lastSeq + ahead, simulated.events.length))
        const { metrics, students } = late
        const opened = openFeed({ ...readingAt(simulated, lastSeq), metrics, students })
        const feed = simulated.events.filter(isAfter(lastSeq)).reduce(applyEvent, opened)
        expect(drawn(feed)).toEqual(drawn(openFeed(readingAt(simulated, simulated.events.length))))
      }),
    )
  })

  it('ends alike through lines that break and are resumed, with events that come again', () => {
    fc.assert(
      fc.property(happenings, fc.array(fc.tuple(fc.nat(8), fc.nat(4))), (happened, breaks) => {
        const simulated = new SimulatedRun(happened)
        let feed = openFeed(readingAt(simulated, 0))
        for (const [length, overlap] of breaks) {
          const from = Math.max(0, feed.seq - overlap)
          feed = simulated.events.filter(isAfter(from)).slice(0, length).reduce(applyEvent, feed)
        }
        feed = simulated.events.filter(isAfter(feed.seq)).reduce(applyEvent, feed)
        expect(drawn(feed)).toEqual(drawn(openFeed(readingAt(simulated, simulated.events.length))))
      }),
    )
  })
})

/** The log as the server tells it: every line, with the attempt that its last change of state named. */
function logOf(events: readonly LiveEvent[]): LogLine[] {
  let attempt = 1
  return events.flatMap((event): LogLine[] => {
    const { seq, at } = event
    if (event.__typename === 'RunStatusChanged') {
      attempt = event.attempt
      return [{ seq, at, attempt, ...wordLogLine({ ...event, kind: 'STATUS' }) }]
    }
    if (event.__typename === 'LogWritten')
      return [{ seq, at, attempt, ...wordLogLine({ ...event, kind: 'LOG' }) }]
    return []
  })
}

/** What the tab does with a feed: takes from it what it can, and reads the rest from the query. */
function readOn(
  before: LogBuffer,
  { log }: RunFeed,
  recorded: readonly LiveEvent[],
  pageLines: number,
): LogBuffer {
  let book = withTail(before, log)
  while (isBehind(book, log)) {
    const cursor = Number(book.cursor ?? 0)
    const rest = logOf(recorded).filter(({ seq }) => seq > cursor)
    const nodes = rest.slice(0, pageLines)
    const endCursor = nodes.at(-1)?.seq.toString() ?? null
    const pageInfo = { hasNextPage: rest.length > pageLines, endCursor }
    book = withTail(withPage(book, { nodes, pageInfo }, log.after), log)
  }
  return book
}

describe('the log of a run', () => {
  it('reads live as after a reload: no line missing, none twice, wherever the page was loaded or the tab opened', () => {
    const moments = fc.record({ loaded: fc.nat(), opened: fc.nat(), reread: fc.nat(), pageLines: fc.nat(4) })
    fc.assert(
      fc.property(happenings, moments, (happened, { loaded, opened, reread, pageLines }) => {
        const simulated = new SimulatedRun(happened)
        const { events } = simulated
        const lastSeq = loaded % simulated.readings.length
        let feed = openFeed(readingAt(simulated, lastSeq))
        let book = EMPTY_BUFFER
        for (const event of events.filter(isAfter(lastSeq))) {
          feed = applyEvent(feed, event)
          const recorded = events.slice(0, event.seq)
          if (event.seq >= opened % events.length) book = readOn(book, feed, recorded, 1 + pageLines)
          // The page is read again, and its answer is some events old when it comes.
          if (event.seq % 5 === reread % 5) {
            feed = openFeed(readingAt(simulated, Math.max(lastSeq, event.seq - (reread % 4))), feed)
            feed = recorded.filter(isAfter(feed.seq)).reduce(applyEvent, feed)
          }
        }
        book = readOn(book, feed, events, 1 + pageLines)
        expect(book.lines).toEqual(logOf(events))
      }),
    )
  })
})

import { type LoggedEvent, wordLogLine } from '../../../../contract/run-log.ts'
import type { LogLinePartsFragment } from '../../../graphql/generated/operations.ts'

export type LogLine = LogLinePartsFragment

/** The end of a run's log as the run's stream has brought it. */
export interface LogTail {
  /** Every line of a later event is in `lines`; those of this event and before are the query's to tell. */
  after: number
  /** In the order of their events. */
  lines: readonly LogLine[]
}

/** So many lines stay, at least, of a log that nobody looks at. A worker records no more of one attempt. */
const MOST_LINES = 2_000

export function openTail(after: number): LogTail {
  return { after, lines: [] }
}

/** The tail with the line of the event that comes next. */
export function addLine({ after, lines }: LogTail, line: LogLine): LogTail {
  const all = [...lines, line]
  // Half of them at once, so that a fast log is not moved by one for each of its lines.
  if (all.length <= 2 * MOST_LINES) return { after, lines: all }
  const kept = all.slice(-MOST_LINES)
  return { after: all.at(-MOST_LINES - 1)?.seq ?? after, lines: kept }
}

/** The tail as far as an event: what came after it comes again. */
export function cutTail({ after, lines }: LogTail, upTo: number): LogTail {
  return { after: Math.min(after, upTo), lines: lines.filter(({ seq }) => seq <= upTo) }
}

export function toLine(
  { seq, at }: { seq: number; at: string },
  attempt: number,
  event: LoggedEvent,
): LogLine {
  return { seq, at, attempt, ...wordLogLine(event) }
}

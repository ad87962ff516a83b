import { type LoggedEvent, wordLogLine } from '../../../../contract/runs/run-log.ts'
import type { LogLinePartsFragment } from '../../../graphql/generated/operations.ts'

export type LogLine = LogLinePartsFragment

/** The end of a run's log, as received by the subscription. */
export interface LogTail {
  /** `lines` has every line after this event; earlier lines must be read with the query. */
  after: number
  /** In event order. */
  lines: readonly LogLine[]
}

/** How many lines are kept at least while the log is not shown. A worker records no more per attempt. */
const MAX_LINES = 2_000

export function openTail(after: number): LogTail {
  return { after, lines: [] }
}

/** Appends the line of the next event. */
export function addLine({ after, lines }: LogTail, line: LogLine): LogTail {
  const all = [...lines, line]
  // Drops half of the lines at once, so that a fast log is not copied for each line.
  if (all.length <= 2 * MAX_LINES) return { after, lines: all }
  const kept = all.slice(-MAX_LINES)
  return { after: all.at(-MAX_LINES - 1)?.seq ?? after, lines: kept }
}

/** Truncates the tail after an event; later events will be received again. */
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

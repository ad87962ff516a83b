import type { LogLine, LogTail } from '../live/log-tail.ts'

/**
 * The lines shown in the log tab: those read with the query, followed by those received by the subscription.
 */
export interface LogBuffer {
  /** In event order, without duplicates; the oldest are dropped if there are too many. */
  lines: readonly LogLine[]
  /** No line up to this event is missing. */
  completeTo: number
  /** Where the query continues. */
  cursor: string | null
  /** How many of the oldest lines were dropped. */
  droppedCount: number
}

export interface LogPage {
  nodes: readonly LogLine[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

/** This many lines can be searched at typing speed. */
export const MAX_LINES = 10_000

export const EMPTY_BUFFER: LogBuffer = { lines: [], completeTo: 0, cursor: null, droppedCount: 0 }

/** Whether lines between buffer and tail may be missing, which only the query can provide. */
export function isBehind(buffer: LogBuffer, tail: LogTail): boolean {
  return buffer.completeTo < tail.after
}

/** Appends new lines from the tail; returns the same buffer if there are none or while it is behind. */
export function withTail(buffer: LogBuffer, tail: LogTail): LogBuffer {
  return isBehind(buffer, tail) ? buffer : append(buffer, tail.lines)
}

/** @param recordedSeq  an event that had been recorded when the page was requested */
export function withPage(buffer: LogBuffer, { nodes, pageInfo }: LogPage, recordedSeq: number): LogBuffer {
  const { hasNextPage, endCursor } = pageInfo
  const next = append(buffer, nodes)
  const completeTo = hasNextPage ? next.completeTo : Math.max(next.completeTo, recordedSeq)
  return { ...next, completeTo, cursor: endCursor ?? buffer.cursor }
}

function append(buffer: LogBuffer, lines: readonly LogLine[]): LogBuffer {
  // New lines are few and at the end, however long the tail is.
  const known = lines.findLastIndex(({ seq }) => seq <= buffer.completeTo)
  const fresh = lines.slice(known + 1)
  const last = fresh.at(-1)
  if (!last) return buffer
  const all = [...buffer.lines, ...fresh]
  const tooMany = Math.max(0, all.length - MAX_LINES)
  return {
    ...buffer,
    lines: all.slice(tooMany),
    completeTo: last.seq,
    droppedCount: buffer.droppedCount + tooMany,
  }
}

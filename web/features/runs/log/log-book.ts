import type { LogLine, LogTail } from '../live/log-tail.ts'

/** The lines of a log as its tab shows them: the past as the query gave it, and on from there what the stream brought. */
export interface LogBook {
  /** In the order of their events, each once; without the oldest ones where there are too many. */
  lines: readonly LogLine[]
  /** No event up to this one is a line that is missing. */
  readTo: number
  /** Where the query goes on. */
  cursor: string | null
  /** Oldest lines that were let go. */
  leftOut: number
}

export interface LogPage {
  nodes: readonly LogLine[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

/** So many lines are searched as fast as one types. */
export const MOST_LINES = 10_000

export const EMPTY_BOOK: LogBook = { lines: [], readTo: 0, cursor: null, leftOut: 0 }

/** Between the book and the tail lines may be missing, which only the query has. */
export function isBehind(book: LogBook, tail: LogTail): boolean {
  return book.readTo < tail.after
}

/** The book with the lines that the stream has brought since; the same where there are none, and while it is behind. */
export function withTail(book: LogBook, tail: LogTail): LogBook {
  return isBehind(book, tail) ? book : append(book, tail.lines)
}

/** @param asked  an event that had been recorded when the page was asked for */
export function withPage(book: LogBook, { nodes, pageInfo }: LogPage, asked: number): LogBook {
  const { hasNextPage, endCursor } = pageInfo
  const next = append(book, nodes)
  const readTo = hasNextPage ? next.readTo : Math.max(next.readTo, asked)
  return { ...next, readTo, cursor: endCursor ?? book.cursor }
}

function append(book: LogBook, lines: readonly LogLine[]): LogBook {
  // The new ones are few and at the end, however long the tail is.
  const known = lines.findLastIndex(({ seq }) => seq <= book.readTo)
  const fresh = lines.slice(known + 1)
  const last = fresh.at(-1)
  if (!last) return book
  const all = [...book.lines, ...fresh]
  const tooMany = Math.max(0, all.length - MOST_LINES)
  return { ...book, lines: all.slice(tooMany), readTo: last.seq, leftOut: book.leftOut + tooMany }
}

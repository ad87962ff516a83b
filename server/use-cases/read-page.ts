import { isStorable } from '../../contract/text.ts'
import { AppError } from '../errors.ts'

const MAX_PAGE = 100
const USUAL_PAGE = 50

/** One page of a list, in the shape of the schema's connections. */
export interface Connection<Row> {
  edges: { cursor: string; node: Row }[]
  nodes: Row[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
  /** Counted only where it is asked for. */
  totalCount: () => Promise<number>
}

export interface PageArguments {
  first?: number | null
  after?: string | null
}

interface PageSource<Row, Key> {
  /** What the list is ordered by, descending, and unique in it. */
  keyOf: (row: Row) => Key
  /** The rows before a key, or the first ones; at most `limit`, newest first. */
  read: (before: Key | undefined, limit: number) => Promise<Row[]>
  count: () => Promise<number>
  /** Makes a key of what a cursor holds; undefined where it is none. */
  parseKey: (text: string) => Key | undefined
}

/**
 * Reads one page by keyset, so that it costs the same however far it is, and rows that come in between shift nothing.
 * @throws AppError INVALID_INPUT for a page of less than 0 or more than 100, and for a cursor that is none
 */
export async function readPage<Row, Key>(
  { first, after }: PageArguments,
  source: PageSource<Row, Key>,
): Promise<Connection<Row>> {
  const limit = first ?? USUAL_PAGE
  if (limit < 0 || limit > MAX_PAGE) {
    throw new AppError('INVALID_INPUT', `first is ${limit}; a page has 0 to ${MAX_PAGE} items.`, ['first'])
  }
  const rows = await source.read(after == null ? undefined : keyOfCursor(after, source.parseKey), limit + 1)
  const nodes = rows.slice(0, limit)
  const edges = nodes.map((node) => ({ cursor: toCursor(source.keyOf(node)), node }))
  return {
    edges,
    nodes,
    pageInfo: { hasNextPage: rows.length > limit, endCursor: edges.at(-1)?.cursor ?? null },
    totalCount: source.count,
  }
}

/** A page of a list that is ordered by id, the newest first: ids begin with the time at which they were made. */
export function readNewestFirst<Row extends { id: string }>(
  page: PageArguments,
  source: Pick<PageSource<Row, string>, 'read' | 'count'>,
): Promise<Connection<Row>> {
  return readPage(page, { ...source, keyOf: ({ id }) => id, parseKey: (text) => text })
}

/** How many are asked for of a list without pages. @throws AppError INVALID_INPUT */
export function checkFirst(first: number, most: number): number {
  if (first >= 0 && first <= most) return first
  throw new AppError('INVALID_INPUT', `first is ${first}; it is 0 to ${most}.`, ['first'])
}

/** Reads a cursor that is a whole number. */
export function parseNumberKey(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

const PREFIX = 'after:'

function toCursor(key: unknown): string {
  return Buffer.from(`${PREFIX}${key}`).toString('base64url')
}

function keyOfCursor<Key>(cursor: string, parseKey: (text: string) => Key | undefined): Key {
  const text = Buffer.from(cursor.slice(0, 200), 'base64url').toString()
  const isOurs = text.startsWith(PREFIX) && isStorable(text)
  const key = isOurs ? parseKey(text.slice(PREFIX.length)) : undefined
  if (key !== undefined) return key
  throw new AppError('INVALID_INPUT', 'after is no cursor of this list; take endCursor of an earlier page.', [
    'after',
  ])
}

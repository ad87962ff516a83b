import type { FieldPolicy } from '@apollo/client'
import { relayStylePagination } from '@apollo/client/utilities'

/** A list as the cache keeps it. */
interface Kept {
  edges: { cursor?: string; node?: unknown }[]
  pageInfo: object
  totalCount?: number
}

/**
 * A list that “Show more” extends. Where its first page is asked for again, as on the way back to it, the pages behind
 * stay as long as there is nothing but newcomers before them: otherwise the list would shrink under whoever reads it.
 */
export function pagedList(keyArgs: string[]): FieldPolicy<Kept> {
  const policy = relayStylePagination(keyArgs) as unknown as FieldPolicy<Kept>
  const { merge } = policy
  if (typeof merge !== 'function') return policy
  return {
    ...policy,
    merge(existing, incoming, options) {
      const merged = merge(existing, incoming, options)
      if (options.args?.after || !existing) return merged
      const tail = tailOf(existing, merged)
      return tail ? { ...merged, edges: [...merged.edges, ...tail], pageInfo: existing.pageInfo } : merged
    },
  }
}

/** What is kept behind the page that came again; null where something of it has gone or has moved. */
function tailOf(existing: Kept, first: Kept): Kept['edges'] | null {
  const before = existing.edges.map(identify)
  const now = first.edges.map(identify)
  const last = before.indexOf(now.at(-1) ?? '')
  if (last < 0 || last === before.length - 1) return null
  const newcomers = now.filter((id) => !before.includes(id))
  const isContinued = newcomers.length + last + 1 === now.length
  // Lists that do not tell how many there are count as unchanged.
  const isAllThere = (first.totalCount ?? 0) === (existing.totalCount ?? 0) + newcomers.length
  return isContinued && isAllThere ? existing.edges.slice(last + 1) : null
}

/** Rows that the cache knows by name have it wherever they stand; the cursors of others say which they are. */
function identify({ cursor, node }: Kept['edges'][number]): string {
  const name = (node as { __ref?: string } | undefined)?.__ref
  return name ?? `at ${cursor}`
}

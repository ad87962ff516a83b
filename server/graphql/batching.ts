import DataLoader from 'dataloader'

/** Keys as Prisma filters by them. */
export type KeyFilter = { in: string[] }

/** Gathers, but keeps nothing: a subscription's context lives long, and a mutation's reads follow its writes. */
export function loader<Value>(
  read: (keys: string[]) => Promise<(key: string) => Value>,
): DataLoader<string, Value> {
  const batch = async (keys: readonly string[]) => {
    const pick = await read([...new Set(keys)])
    return keys.map(pick)
  }
  return new DataLoader(batch, { cache: false })
}

export function byId<Row extends { id: string }>(
  read: (ids: KeyFilter) => Promise<Row[]>,
): DataLoader<string, Row> {
  return loader(async (ids) => {
    const rows = new Map((await read({ in: ids })).map((row) => [row.id, row]))
    return (id) => {
      const row = rows.get(id)
      if (!row) throw new Error(`there is no row ${id}, though another one refers to it`)
      return row
    }
  })
}

export function oneBy<Row>(
  read: (keys: KeyFilter) => Promise<Row[]>,
  keyOf: (row: Row) => string,
): DataLoader<string, Row | null> {
  return loader(async (keys) => {
    const rows = new Map((await read({ in: keys })).map((row) => [keyOf(row), row]))
    return (key) => rows.get(key) ?? null
  })
}

export function groupedBy<Row>(
  read: (keys: KeyFilter) => Promise<Row[]>,
  keyOf: (row: Row) => string,
): DataLoader<string, Row[]> {
  return loader(async (keys) => {
    const groups = new Map<string, Row[]>()
    for (const row of await read({ in: keys })) {
      const group = groups.get(keyOf(row))
      if (group) group.push(row)
      else groups.set(keyOf(row), [row])
    }
    return (key) => groups.get(key) ?? []
  })
}

export interface ClassRow {
  name: string
  count: number
  precision: number | null
  recall: number | null
  f1: number | null
}

/** Sorts rows by a column, ties in the dataset's order; missing values come last in either direction. */
export function sortClasses(rows: ClassRow[], key: keyof ClassRow | null, descending: boolean): ClassRow[] {
  if (!key) return rows
  const sign = descending ? -1 : 1
  return [...rows].sort((a, b) => {
    const [left, right] = [a[key], b[key]]
    if (left === null || right === null) return Number(left === null) - Number(right === null)
    return sign * (typeof left === 'string' ? left.localeCompare(String(right), 'en') : left - Number(right))
  })
}

/** Rows under a head, each column as wide as its widest cell; numbers to the right. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, k) => Math.max(title.length, ...rows.map((row) => (row[k] ?? '').length)))
  const isNumeric = head.map((_, k) => rows.length > 0 && rows.every((row) => NUMERIC.test(row[k] ?? '')))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, k) => (isNumeric[k] ? cell.padStart(widths[k] ?? 0) : cell.padEnd(widths[k] ?? 0)))
      .join('  ')
      .trimEnd()
  return `${[head, ...rows].map(line).join('\n')}\n`
}

const NUMERIC = /^(-?[\d.,]+( %)?|-|)$/

export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? '-' : `${(100 * share).toFixed(1)} %`
}

export function decimals(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : value.toFixed(3)
}

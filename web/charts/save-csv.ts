import type { Line } from './chart-data.ts'

/** Saves the points of a chart as they were measured: `step,line,value`. */
export function saveCsv(name: string, lines: readonly Line[]): void {
  const rows = lines.flatMap(({ label, steps, values }) =>
    steps.map((step, index) => `${step},"${label.replaceAll('"', '""')}",${values[index]}`),
  )
  const url = URL.createObjectURL(
    new Blob([`${['step,line,value', ...rows].join('\n')}\n`], { type: 'text/csv' }),
  )
  const link = document.createElement('a')
  link.href = url
  link.download = `${name}.csv`
  link.click()
  URL.revokeObjectURL(url)
}

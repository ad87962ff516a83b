import { csvField } from '../../contract/csv-field.ts'
import type { Line } from './chart-data.ts'

/** Saves the points of a chart as they were measured: `step,line,value`. */
export function saveCsv(name: string, lines: readonly Line[]): void {
  const url = URL.createObjectURL(new Blob([toCsv(lines)], { type: 'text/csv' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `${name}.csv`
  link.click()
  URL.revokeObjectURL(url)
}

export function toCsv(lines: readonly Line[]): string {
  const rows = lines.flatMap(({ label, steps, values }) =>
    steps.map((step, index) => `${step},${csvField(label)},${values[index]}`),
  )
  return `${['step,line,value', ...rows].join('\n')}\n`
}

import { csvField } from '../../contract/csv-field.ts'
import type { Line } from './chart-data.ts'
import { saveFile } from './save-file.ts'

/** Saves a chart's unsmoothed points as CSV: `step,line,value`. */
export function saveCsv(name: string, lines: readonly Line[]): void {
  saveFile(`${name}.csv`, new Blob([toCsv(lines)], { type: 'text/csv' }))
}

export function toCsv(lines: readonly Line[]): string {
  const rows = lines.flatMap(({ label, steps, values }) =>
    steps.map((step, index) => `${step},${csvField(label)},${values[index]}`),
  )
  return `${['step,line,value', ...rows].join('\n')}\n`
}

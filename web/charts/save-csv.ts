import { csvField } from '../../contract/csv-field.ts'
import type { Line } from './chart-data.ts'
import { saveFile } from './save-file.ts'

/** Saves a chart's unsmoothed points as CSV: `step,line,value`, and `deviation` where lines have bands. */
export function saveCsv(name: string, lines: readonly Line[]): void {
  saveFile(`${name}.csv`, new Blob([toCsv(lines)], { type: 'text/csv' }))
}

export function toCsv(lines: readonly Line[]): string {
  const hasBands = lines.some(({ deviations }) => deviations)
  const rows = lines.flatMap(({ label, steps, values, deviations }) =>
    steps.map((step, i) => {
      const point = `${step},${csvField(label)},${values[i]}`
      return hasBands ? `${point},${deviations?.[i] ?? ''}` : point
    }),
  )
  return `${[`step,line,value${hasBands ? ',deviation' : ''}`, ...rows].join('\n')}\n`
}

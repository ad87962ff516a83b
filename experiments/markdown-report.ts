/** An experiment's results as Markdown: notes on how they were obtained, then a table for each part. */
import { compareArms } from './compare.ts'
import type { ExperimentRecord } from './record.ts'
import { notesOn } from './report-notes.ts'
import { type ResultTable, resultTables } from './table.ts'

export function markdownReport(record: ExperimentRecord): string {
  const comparisons = compareArms(record)
  const parts = resultTables(record, comparisons).flatMap((table) => [`## ${table.title}`, asMarkdown(table)])
  return `${[`# ${record.title}`, ...notesOn(record, comparisons), ...parts].join('\n\n')}\n`
}

function asMarkdown({ columns, rows }: ResultTable): string {
  const aligned = columns.map(({ isNumber }) => (isNumber ? '---:' : '---'))
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))
  return [columns.map(({ name }) => name), aligned, ...cells]
    .map((line) => `| ${line.join(' | ')} |`)
    .join('\n')
}

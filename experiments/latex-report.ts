/** An experiment's results as LaTeX tables, which need the package booktabs. */
import { compareArms } from './compare.ts'
import type { ExperimentRecord } from './record.ts'
import { type ResultTable, resultTables } from './table.ts'

export function latexReport(record: ExperimentRecord): string {
  return resultTables(record, compareArms(record))
    .map((table) => asLatex(table, record.title))
    .join('\n')
}

function asLatex({ title, columns, rows }: ResultTable, experiment: string): string {
  return [
    '\\begin{table}',
    '\\centering',
    `\\caption{${escaped(`${experiment}: ${title}`)}}`,
    `\\begin{tabular}{${columns.map(({ isNumber }) => (isNumber ? 'r' : 'l')).join('')}}`,
    '\\toprule',
    lineOf(columns.map(({ name }) => name)),
    '\\midrule',
    ...rows.map(lineOf),
    '\\bottomrule',
    '\\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n')
}

function lineOf(cells: readonly string[]): string {
  return `${cells.map(escaped).join(' & ')} \\\\`
}

/** What means something else to LaTeX, or is missing from its usual fonts. */
const ESCAPES: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  '&': '\\&',
  '%': '\\%',
  $: '\\$',
  '#': '\\#',
  _: '\\_',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '±': '$\\pm$',
  '<': '$<$',
  '>': '$>$',
  '–': '--',
  '“': '``',
  '”': "''",
  '’': "'",
}

function escaped(text: string): string {
  return text.replaceAll(/[\\{}&%$#_~^±<>–“”’]/g, (character) => ESCAPES[character] ?? character)
}

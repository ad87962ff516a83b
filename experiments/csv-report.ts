/** An experiment's results as CSV, with every figure unrounded and one row for each measure of each arm. */
import { csvField } from '../contract/csv-field.ts'
import { type Comparison, compareArms } from './compare.ts'
import type { ExperimentRecord } from './record.ts'
import { groupedByMeasure } from './table.ts'
import { verdictOf } from './verdict.ts'

type Cell = string | number | readonly number[] | null | undefined

const COLUMNS: [name: string, value: (row: Comparison) => Cell][] = [
  ['condition', ({ condition }) => condition],
  ['part', ({ measure }) => measure.part],
  ['measure', ({ measure }) => measure.name],
  ['unit', ({ measure }) => measure.unit],
  ['arm', ({ arm }) => arm],
  ['control', ({ control }) => control],
  ['mean', ({ spread }) => spread.mean],
  ['deviation', ({ spread }) => spread.deviation],
  ['values', ({ values }) => values],
  ['difference', ({ difference }) => difference?.mean],
  ['difference_deviation', ({ difference }) => difference?.deviation],
  ['low', ({ difference }) => difference?.interval?.low],
  ['high', ({ difference }) => difference?.interval?.high],
  ['confidence', ({ difference }) => difference?.confidence],
  ['pairs', ({ difference }) => difference?.pairs],
  ['p_t', ({ difference }) => difference?.tP],
  ['p_holm', ({ difference }) => difference?.holmP],
  ['p_sign', ({ difference }) => difference?.signP],
  ['p_permutation', ({ difference }) => difference?.permutationP],
  ['differences', ({ difference }) => difference?.values],
  ['verdict', ({ measure, difference }) => difference && verdictOf(measure, difference).words],
]

export function csvReport(record: ExperimentRecord): string {
  const rows = groupedByMeasure(record, compareArms(record)).map((row) =>
    COLUMNS.map(([, value]) => fieldOf(value(row))).join(','),
  )
  return `${[COLUMNS.map(([name]) => name).join(','), ...rows].join('\n')}\n`
}

/** Figures are ours, and need no guard against formulas. */
function fieldOf(cell: Cell): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number') return String(cell)
  return typeof cell === 'string' ? csvField(cell) : cell.join(' ')
}

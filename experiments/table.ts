/** An experiment's results as tables of words and figures, which each format only sets down. */
import type { Comparison, Difference } from './compare.ts'
import type { Measure, Part } from './measures.ts'
import type { ExperimentRecord } from './record.ts'
import type { Spread } from './statistics/paired-difference.ts'
import { pInWords, seedsBetter, signed, valueIn, verdictOf } from './verdict.ts'

export const TITLES: Record<Part, string> = {
  MAIN: 'Main results',
  STUDENTS: 'Per student',
  BESIDE: 'Beyond accuracy',
}

export interface ResultTable {
  title: string
  columns: { name: string; isNumber: boolean }[]
  rows: string[][]
}

/** One for each part that has results. */
export function resultTables(record: ExperimentRecord, comparisons: readonly Comparison[]): ResultTable[] {
  return (Object.keys(TITLES) as Part[]).flatMap((part) => {
    const rows = comparisons.filter(({ measure }) => measure.part === part)
    return rows.length === 0 ? [] : [tableOf(record, TITLES[part], rows)]
  })
}

/** Grouped by measure, so that an arm stands below its control. */
export function groupedByMeasure<Row extends Comparison>(
  { conditions }: Pick<ExperimentRecord, 'conditions'>,
  rows: readonly Row[],
): Row[] {
  const names = [...new Set(rows.map(({ measure }) => measure.name))]
  return conditions.flatMap(({ name }) =>
    names.flatMap((measure) => rows.filter((row) => row.condition === name && row.measure.name === measure)),
  )
}

function tableOf(record: ExperimentRecord, title: string, rows: Comparison[]): ResultTable {
  const hasConditions = record.conditions.length > 1
  const names = [...(hasConditions ? ['condition'] : []), 'measure', 'arm', ...FIGURES]
  const cells = groupedByMeasure(record, rows).map((row) => [
    ...(hasConditions ? [row.condition] : []),
    row.measure.unit === 'PERCENT' ? `${row.measure.name}, %` : row.measure.name,
    row.arm,
    spreadIn(row.measure, row.spread),
    ...(row.difference ? differenceCells(row, row.difference) : ['', '', '', '', '']),
  ])
  return { title, columns: names.map((name) => ({ name, isNumber: NUMBERS.has(name) })), rows: cells }
}

const FIGURES = [
  'mean ± deviation',
  'paired difference',
  'seeds better',
  'p: t-test; Holm',
  'p: permutation',
  'verdict',
]
const NUMBERS = new Set(FIGURES.slice(0, -1))

function differenceCells({ measure, control }: Comparison, difference: Difference): string[] {
  const { mean, deviation, tP, holmP, permutationP } = difference
  return [
    `${signed(measure, mean)}${deviation === null ? '' : ` ± ${valueIn(measure, deviation)}`}`,
    seedsBetter(measure, difference),
    tP === null ? '–' : `${pInWords(tP)}; ${pInWords(holmP)}`,
    pInWords(permutationP),
    `over “${control}”: ${verdictOf(measure, difference).words}`,
  ]
}

function spreadIn(measure: Measure, { mean, deviation }: Spread): string {
  return valueIn(measure, mean) + (deviation === null ? '' : ` ± ${valueIn(measure, deviation)}`)
}

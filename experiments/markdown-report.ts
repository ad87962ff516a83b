/** An experiment's results as Markdown: notes on how they were obtained, then a table for each part. */
import { type Comparison, compareArms, type Difference } from './compare.ts'
import type { Measure, Part } from './measures.ts'
import type { ExperimentRecord } from './record.ts'
import { notesOn } from './report-notes.ts'
import type { Spread } from './statistics/paired-difference.ts'
import { pInWords, seedsBetter, signed, valueIn, verdictOf } from './verdict.ts'

const TITLES: Record<Part, string> = {
  MAIN: 'Main results',
  STUDENTS: 'Per student',
  BESIDE: 'Beyond accuracy',
}

export function markdownReport(record: ExperimentRecord): string {
  const comparisons = compareArms(record)
  const parts = (Object.keys(TITLES) as Part[]).flatMap((part) => {
    const rows = comparisons.filter(({ measure }) => measure.part === part)
    return rows.length === 0 ? [] : [`## ${TITLES[part]}`, tableOf(record, rows)]
  })
  return `${[`# ${record.title}`, ...notesOn(record, comparisons), ...parts].join('\n\n')}\n`
}

/** Grouped by measure, so that an arm stands below its control. */
function tableOf({ conditions }: ExperimentRecord, rows: Comparison[]): string {
  const hasConditions = conditions.length > 1
  const names = [...new Set(rows.map(({ measure }) => measure.name))]
  const ordered = conditions.flatMap(({ name }) =>
    names.flatMap((measure) => rows.filter((row) => row.condition === name && row.measure.name === measure)),
  )
  const head = [...(hasConditions ? ['condition'] : []), 'measure', 'arm', ...COLUMNS]
  const aligned = head.map((name) => (NUMBERS.has(name) ? '---:' : '---'))
  const cells = ordered.map((row) => [
    ...(hasConditions ? [row.condition] : []),
    row.measure.unit === 'PERCENT' ? `${row.measure.name}, %` : row.measure.name,
    row.arm,
    spreadIn(row.measure, row.spread),
    ...(row.difference ? differenceCells(row, row.difference) : ['', '', '', '', '']),
  ])
  return [head, aligned, ...cells].map((line) => `| ${line.join(' | ')} |`).join('\n')
}

const COLUMNS = [
  'mean ± deviation',
  'paired difference',
  'seeds better',
  'p: t-test; Holm',
  'p: permutation',
  'verdict',
]
const NUMBERS = new Set(COLUMNS.slice(0, -1))

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

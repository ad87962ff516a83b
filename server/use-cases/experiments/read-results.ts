import { type Comparison, compareArms } from '../../../experiments/compare.ts'
import { csvReport } from '../../../experiments/csv-report.ts'
import { latexReport } from '../../../experiments/latex-report.ts'
import { markdownReport } from '../../../experiments/markdown-report.ts'
import { isPrimary } from '../../../experiments/measures.ts'
import type { ExperimentRecord } from '../../../experiments/record.ts'
import { notesOn } from '../../../experiments/report-notes.ts'
import { groupedByMeasure } from '../../../experiments/table.ts'
import { pInWords, seedsBetter, signed, valueIn, verdictOf } from '../../../experiments/verdict.ts'
import type { Database, Experiment } from '../../../prisma/client.ts'
import { readRecord } from '../../../runs/experiments/read-record.ts'

/** Source of the schema's ExperimentResults. */
export interface ExperimentResults {
  record: ExperimentRecord
  comparisons: Comparison[]
}

/** What the finished trials of an experiment show, computed as the `experiment` command does. */
export async function readResults(database: Database, experiment: Experiment): Promise<ExperimentResults> {
  const record = await readRecord(database, experiment)
  return { record, comparisons: groupedByMeasure(record, compareArms(record)) }
}

export function notesOf({ record, comparisons }: ExperimentResults): string[] {
  return notesOn(record, comparisons)
}

const REPORTS = { MARKDOWN: markdownReport, LATEX: latexReport, CSV: csvReport }

export function reportAs({ record }: ExperimentResults, format: keyof typeof REPORTS): string {
  return REPORTS[format](record)
}

/** A comparison with its figures in words, as the schema has it. */
export function toComparison({ measure, difference, spread, values, seeds, ...arms }: Comparison) {
  const { deviation } = spread
  return {
    ...arms,
    measure: { ...measure, student: measure.student ?? null, isPrimary: isPrimary(measure) },
    mean: spread.mean,
    deviation,
    inWords: valueIn(measure, spread.mean) + (deviation === null ? '' : ` ± ${valueIn(measure, deviation)}`),
    seeds: seeds.map((seed, i) => ({ seed, value: values[i] as number })),
    difference: difference && {
      ...difference,
      low: difference.interval?.low ?? null,
      high: difference.interval?.high ?? null,
      inWords:
        signed(measure, difference.mean) +
        (difference.deviation === null ? '' : ` ± ${valueIn(measure, difference.deviation)}`),
      pInWords: pWords(difference),
      seedsBetter: seedsBetter(measure, difference),
      seeds: difference.seeds.map((seed, i) => ({ seed, value: difference.values[i] as number })),
      verdict: verdictOf(measure, difference),
    },
  }
}

function pWords({ tP, holmP }: { tP: number | null; holmP: number | null }): string {
  return tP === null ? '–' : `${pInWords(tP)}; ${pInWords(holmP)}`
}

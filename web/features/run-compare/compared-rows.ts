import { isRecipeColumn, RUN_COLUMNS, type RunColumn } from '../../../contract/runs/run-columns.ts'
import { formatPoints } from '../../design/format-difference.ts'
import type { ComparedRunFragment } from '../../graphql/generated/operations.ts'
import { columnValue, columnWords } from '../run-table/column-values.ts'
import { columnLabel, isShare } from '../run-table/column-words.ts'

export interface ComparedRow {
  label: string
  /** One for each run. */
  cells: { words: string; delta: string | null; isBest: boolean }[]
}

const SCORES: readonly RunColumn[] = ['best', 'last', 'ensemble', 'duration', 'imagesPerSecond']
const FACTS: readonly RunColumn[] = [
  'cohort',
  'method',
  'students',
  'dataset',
  'version',
  'preset',
  'seed',
  'worker',
]
const RECIPE = (Object.keys(RUN_COLUMNS) as RunColumn[]).filter(isRecipeColumn)

/** What was measured, each with its difference from the baseline, which is the first run. */
export function scoreRows(runs: readonly ComparedRunFragment[], nowMs: number): ComparedRow[] {
  return SCORES.map((column) => {
    const values = runs.map((run) => numberAt(run, column, nowMs))
    const [baseline] = values
    const best = bestOf(column, runs, values)
    return {
      label: columnLabel(column),
      cells: runs.map((run, i) => ({
        words: columnWords(run, column, nowMs),
        delta: i === 0 || !isComparable(runs, run, column) ? null : difference(column, values[i], baseline),
        isBest: values[i] !== null && values[i] === best,
      })),
    }
  }).filter(({ cells }) => cells.some(({ words }) => words !== '–'))
}

/** In what else the runs differ, cohort and recipe; what all have in common is left out. */
export function differingRows(runs: readonly ComparedRunFragment[], nowMs: number): ComparedRow[] {
  return [...FACTS, ...RECIPE]
    .map((column) => ({
      label: columnLabel(column),
      words: runs.map((run) => columnWords(run, column, nowMs)),
    }))
    .filter(({ words }) => new Set(words).size > 1)
    .map(({ label, words }) => ({
      label,
      cells: words.map((one, i) => ({
        words: one,
        delta: i > 0 && one !== words[0] ? 'differs' : null,
        isBest: false,
      })),
    }))
}

function numberAt(run: ComparedRunFragment, column: RunColumn, nowMs: number): number | null {
  const value = columnValue(run, column, nowMs)
  return typeof value === 'number' ? value : null
}

/** An accuracy and a mean average precision have no difference. */
function isComparable(
  [baseline]: readonly ComparedRunFragment[],
  run: ComparedRunFragment,
  column: RunColumn,
) {
  return !isShare(column) || baseline?.datasetVersion.dataset.kind === run.datasetVersion.dataset.kind
}

/** The best score where all are of one task and not all alike; durations have no best one: they depend on the machine. */
function bestOf(column: RunColumn, runs: readonly ComparedRunFragment[], values: readonly (number | null)[]) {
  const known = values.filter((value) => value !== null)
  const isOneTask = new Set(runs.map((run) => run.datasetVersion.dataset.kind)).size === 1
  if (!isShare(column) || !isOneTask || new Set(known).size < 2) return null
  return Math.max(...known)
}

function difference(
  column: RunColumn,
  value: number | null | undefined,
  baseline: number | null | undefined,
) {
  if (value == null || baseline == null) return null
  if (isShare(column)) return formatPoints(value - baseline)
  return baseline > 0 ? `× ${(value / baseline).toFixed(2)}` : null
}

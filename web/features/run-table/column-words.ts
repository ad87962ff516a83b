import { RUN_COLUMNS, type RunColumn, type RunComparison } from '../../../contract/runs/run-columns.ts'
import { teachingMethods } from '../cohorts/teaching-words.ts'
import { type FieldLine, RECIPE_FIELDS } from '../recipe/field-table.ts'

const OWN_LABELS: Partial<Record<RunColumn, string>> = {
  number: 'Run',
  name: 'Name',
  tags: 'Tags',
  cohort: 'Cohort',
  cohortId: 'Cohort id',
  method: 'Teaching',
  students: 'Students',
  dataset: 'Dataset',
  datasetId: 'Dataset id',
  versionId: 'Dataset version id',
  version: 'Dataset version',
  task: 'Task',
  preset: 'Preset',
  recipeKey: 'Recipe key',
  seed: 'Seed',
  experiment: 'Experiment',
  best: 'Best',
  last: 'Last',
  bestTop1: 'Best top-1',
  lastTop1: 'Last top-1',
  bestMap: 'Best mAP',
  lastMap: 'Last mAP',
  ensemble: 'Ensemble',
  duration: 'Duration',
  imagesPerSecond: 'Images a second',
  startedBy: 'Started by',
  worker: 'Worker',
}

/** Columns that only links and groups filter by. */
const UNSHOWN: readonly RunColumn[] = ['number', 'cohortId', 'datasetId', 'versionId', 'recipeKey']

/** Shares from 0 to 1, which people give and read in per cent. */
const SHARES: readonly RunColumn[] = [
  'best',
  'last',
  'bestTop1',
  'lastTop1',
  'bestMap',
  'lastMap',
  'ensemble',
]

export const isShare = (column: RunColumn) => SHARES.includes(column)
export const isNumeric = (column: RunColumn) => RUN_COLUMNS[column] === 'NUMBER'

const recipeLine = (column: RunColumn): FieldLine | undefined =>
  (RECIPE_FIELDS as Partial<Record<RunColumn, FieldLine>>)[column]

export function columnLabel(column: RunColumn): string {
  return OWN_LABELS[column] ?? recipeLine(column)?.label ?? column
}

const names = Object.keys(RUN_COLUMNS) as RunColumn[]
const choice = (column: RunColumn) => ({ value: column, label: columnLabel(column) })
const shown = names.filter((column) => !UNSHOWN.includes(column))

/** What can be chosen as a column, or filtered by. */
export const columnChoices = [
  { group: 'Run', items: shown.filter((column) => column in OWN_LABELS).map(choice) },
  { group: 'Recipe', items: shown.filter((column) => !(column in OWN_LABELS)).map(choice) },
]

/** The words of a column with a fixed choice of values; null for all others. */
export function columnOptions(column: RunColumn): { value: string; label: string }[] | null {
  if (column === 'method') return teachingMethods.map(({ value, label }) => ({ value, label }))
  if (column === 'task')
    return [
      { value: 'CLASSIFICATION', label: 'Classification' },
      { value: 'RETRIEVAL', label: 'Retrieval' },
    ]
  if (column === 'optimizer.nesterov' || column === 'augmentation.flip')
    return [
      { value: 'true', label: 'yes' },
      { value: 'false', label: 'no' },
    ]
  const words = recipeLine(column)?.words
  return words ? Object.entries(words).map(([value, label]) => ({ value, label })) : null
}

export const COMPARISON_WORDS: Record<RunComparison, string> = {
  EQUAL: 'is',
  NOT_EQUAL: 'is not',
  AT_LEAST: 'is at least',
  AT_MOST: 'is at most',
  CONTAINS: 'contains',
}

export function comparisonsOf(column: RunColumn): RunComparison[] {
  if (columnOptions(column)) return ['EQUAL', 'NOT_EQUAL']
  return isNumeric(column)
    ? ['AT_LEAST', 'AT_MOST', 'EQUAL', 'NOT_EQUAL']
    : ['CONTAINS', 'EQUAL', 'NOT_EQUAL']
}

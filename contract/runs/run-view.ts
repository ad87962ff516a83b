/** A view of the list of runs, as its page's URL holds it and as a team saves it. */
import {
  findConditionProblem,
  isRunColumn,
  type RunColumn,
  type RunComparison,
  type RunCondition,
} from './run-columns.ts'
import { RUN_STATUSES, type RunStatus } from './run-states.ts'

export const RUN_GROUPINGS = ['COHORT', 'RECIPE', 'DATASET', 'EXPERIMENT'] as const
export type RunGrouping = (typeof RUN_GROUPINGS)[number]

export interface RunView {
  text: string
  statuses: RunStatus[]
  where: RunCondition[]
  isArchived: boolean
  order: { column: RunColumn; isDescending: boolean }
  /** In display order. */
  columns: RunColumn[]
  /** Empty for a list of runs, not of groups. */
  groupBy: RunGrouping[]
}

export const USUAL_COLUMNS: readonly RunColumn[] = ['dataset', 'best', 'last', 'duration', 'startedBy']
export const MAX_CONDITIONS = 20
export const VIEW_SEARCH_LENGTH = 4_000

const OPERATORS: readonly [string, RunComparison][] = [
  ['>=', 'AT_LEAST'],
  ['<=', 'AT_MOST'],
  ['!=', 'NOT_EQUAL'],
  ['~', 'CONTAINS'],
  ['=', 'EQUAL'],
]
const CONDITION = /^([A-Za-z0-9.]+)(>=|<=|!=|~|=)(.{1,200})$/s

/** `best>=0.9` as a condition; null if it is none. */
export function parseCondition(text: string): RunCondition | null {
  const [, column = '', operator, value = ''] = CONDITION.exec(text) ?? []
  const is = OPERATORS.find(([sign]) => sign === operator)?.[1]
  if (!is || !isRunColumn(column)) return null
  const condition = { column, is, value }
  return findConditionProblem(condition) ? null : condition
}

export function writeCondition({ column, is, value }: RunCondition): string {
  return `${column}${OPERATORS.find(([, comparison]) => comparison === is)?.[0]}${value}`
}

/** Reads a URL's search; what it does not hold, or holds wrongly, is as usual. */
export function readRunView(search: URLSearchParams): RunView {
  const listOf = (name: string) => search.get(name)?.split(',') ?? []
  const sort = search.get('sort') ?? '-number'
  const column = sort.replace(/^-/, '')
  const columns = listOf('columns').filter(isRunColumn)
  return {
    text: (search.get('text') ?? '').slice(0, 100),
    statuses: RUN_STATUSES.filter((status) => listOf('status').includes(status)),
    where: search
      .getAll('where')
      .map(parseCondition)
      .filter((condition) => condition !== null)
      .slice(0, MAX_CONDITIONS),
    isArchived: search.get('archived') === 'yes',
    order: isRunColumn(column)
      ? { column, isDescending: sort.startsWith('-') }
      : { column: 'number', isDescending: true },
    columns: columns.length > 0 ? columns : [...USUAL_COLUMNS],
    groupBy: RUN_GROUPINGS.filter((grouping) => listOf('group').includes(grouping)),
  }
}

/** The search that `readRunView` reads as this view; what is as usual is left out. */
export function writeRunView(view: RunView): URLSearchParams {
  const search = new URLSearchParams()
  const set = (name: string, value: string, usual = '') => {
    if (value !== usual) search.set(name, value)
  }
  set('text', view.text)
  set('status', view.statuses.join(','))
  for (const condition of new Set(view.where.map(writeCondition))) search.append('where', condition)
  set('archived', view.isArchived ? 'yes' : '')
  set('sort', `${view.order.isDescending ? '-' : ''}${view.order.column}`, '-number')
  set('columns', view.columns.join(','), USUAL_COLUMNS.join(','))
  set('group', view.groupBy.join(','))
  return search
}

import type { RunRowFragment } from '../../graphql/generated/operations.ts'
import { bestScoreOf, durationSeconds } from './run-facts.ts'

export const runSortKeys = ['number', 'dataset', 'best', 'last', 'duration'] as const
export type RunSortKey = (typeof runSortKeys)[number]

export interface RunOrder {
  key: RunSortKey
  descending: boolean
}

/** Sorts by a column; runs without a value come last in either direction. */
export function sortRuns(
  runs: RunRowFragment[],
  { key, descending }: RunOrder,
  nowMs: number,
): RunRowFragment[] {
  const valued = runs.map((run) => ({ run, value: columnValue(run, key, nowMs) }))
  valued.sort((a, b) => {
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null)
    const ascending = a.value < b.value ? -1 : a.value > b.value ? 1 : 0
    return descending ? -ascending : ascending
  })
  return valued.map(({ run }) => run)
}

function columnValue(run: RunRowFragment, key: RunSortKey, nowMs: number): number | string | null {
  if (key === 'number') return run.number
  if (key === 'dataset') return run.datasetVersion.dataset.name.toLowerCase()
  if (key === 'duration') return durationSeconds(run, nowMs)
  return bestScoreOf(run, key)
}

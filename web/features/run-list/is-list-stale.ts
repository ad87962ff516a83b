import { isEnded, type RunStatus } from '../../../contract/runs/run-states.ts'

interface ListedRun {
  id: string
  number: number
  status: RunStatus
}

/** A list of a team's runs. */
export interface RunList {
  runs: readonly ListedRun[]
  /** The statuses that the list is filtered by; empty for no filter. */
  statuses: readonly RunStatus[]
  /** Whether the list includes the last run. */
  isWhole: boolean
  /** Whether it is ordered by number, and filtered by status alone. */
  isNewestFirst: boolean
}

/** Whether a run's change makes the server's list differ in more than this run's row. */
export function isListStale(list: RunList, changed: ListedRun): boolean {
  const { runs, statuses, isWhole } = list
  const before = runs.find(({ id }) => id === changed.id)
  // Whether it belongs to a list that is filtered or ordered otherwise, the server alone can say.
  if (!list.isNewestFirst) return before?.status !== changed.status
  const belongs = statuses.length === 0 || statuses.includes(changed.status)
  // A run that ends produces models, which the page also counts.
  if (before) return !belongs || (isEnded(changed.status) && !isEnded(before.status))
  const oldest = runs.at(-1)
  return belongs && (isWhole || oldest === undefined || changed.number > oldest.number)
}

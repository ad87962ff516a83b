import { isEnded, type RunStatus } from '../../../contract/runs/run-states.ts'

interface ListedRun {
  id: string
  number: number
  status: RunStatus
}

/** A list of a team's runs, newest first. */
export interface RunList {
  runs: readonly ListedRun[]
  /** The statuses that the list is filtered by; empty for no filter. */
  statuses: readonly RunStatus[]
  /** Whether the list includes the oldest run. */
  isWhole: boolean
}

/** Whether a run's change makes the server's list differ in more than this run's row. */
export function isListStale({ runs, statuses, isWhole }: RunList, changed: ListedRun): boolean {
  const belongs = statuses.length === 0 || statuses.includes(changed.status)
  const before = runs.find(({ id }) => id === changed.id)
  // A run that ends produces models, which the page also counts.
  if (before) return !belongs || (isEnded(changed.status) && !isEnded(before.status))
  const oldest = runs.at(-1)
  return belongs && (isWhole || oldest === undefined || changed.number > oldest.number)
}

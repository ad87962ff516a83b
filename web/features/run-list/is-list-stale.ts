import { isEnded, type RunStatus } from '../../../contract/run-states.ts'

interface ListedRun {
  id: string
  number: number
  status: RunStatus
}

/** A list of a team's runs, the newest first. */
export interface RunList {
  runs: readonly ListedRun[]
  /** Only of these; of all where there are none. */
  statuses: readonly RunStatus[]
  /** No older ones are left out. */
  isWhole: boolean
}

/** A run is now as it is told: whether the list that the server would give differs in more than this run's row. */
export function isListStale({ runs, statuses, isWhole }: RunList, told: ListedRun): boolean {
  const belongs = statuses.length === 0 || statuses.includes(told.status)
  const before = runs.find(({ id }) => id === told.id)
  // What has ended leaves models, which are counted beside the list.
  if (before) return !belongs || (isEnded(told.status) && !isEnded(before.status))
  const oldest = runs.at(-1)
  return belongs && (isWhole || oldest === undefined || told.number > oldest.number)
}

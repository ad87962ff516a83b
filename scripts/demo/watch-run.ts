import { followRun } from '../../cli/studyhall/api/follow-run.ts'
import type { RunPartsFragment } from '../../cli/studyhall/api/generated/operations.ts'
import type { TeamClient } from '../../cli/studyhall/api/open-team.ts'
import { applyEvent, type RunView, viewOf } from '../../cli/studyhall/show/run-view.ts'

/** Follows a run from its first event to its last and shows every change. Throws what made the run fail. */
export async function watchRun(
  { api }: TeamClient,
  run: RunPartsFragment,
  show: (view: RunView) => void,
): Promise<void> {
  const view = viewOf(run)
  for await (const event of followRun(api, run.id)) {
    applyEvent(view, event)
    if (view.failure !== null) throw new Error(`The run failed: ${view.failure}`)
    if (view.status === 'CANCELED') throw new Error('The run was canceled.')
    show(view)
  }
  if (view.status !== 'SUCCEEDED') throw new Error(`The run’s events ended while it was ${view.status}.`)
}

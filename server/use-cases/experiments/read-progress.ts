import { isEnded, isHeld } from '../../../contract/runs/run-states.ts'
import { StoredPlan } from '../../../experiments/design/stored-plan.ts'
import type { Database, Experiment, Run } from '../../../prisma/client.ts'
import { countPlaces } from './count-places.ts'

export interface ExperimentProgress {
  status: 'WAITING' | 'RUNNING' | 'ENDED' | 'CANCELED'
  /** Trainings; arms that are the same training share one. */
  runs: number
  succeeded: number
  failed: number
  canceled: number
  running: number
  /** Null before the first run has ended, and where none is left. */
  remainingSeconds: number | null
}

type Counted = Pick<Run, 'status' | 'cohortId' | 'startedAt' | 'finishedAt' | 'step' | 'steps'>

/** How far an experiment is, from its runs. */
export async function readProgress(database: Database, experiment: Experiment): Promise<ExperimentProgress> {
  const { id, teamId, canceledAt } = experiment
  const runs: Counted[] = await database.run.findMany({
    where: { teamId, experimentId: id },
    select: { status: true, cohortId: true, startedAt: true, finishedAt: true, step: true, steps: true },
  })
  const count = (wanted: (run: Counted) => boolean) => runs.filter(wanted).length
  const running = count(({ status }) => isHeld(status))
  const left = runs.filter(({ status }) => !isEnded(status))
  return {
    status: statusOf(canceledAt !== null, left.length, running, runs.length),
    runs: runs.length,
    succeeded: count(({ status }) => status === 'SUCCEEDED'),
    failed: count(({ status }) => status === 'FAILED'),
    canceled: count(({ status }) => status === 'CANCELED'),
    running,
    remainingSeconds:
      left.length === 0 ? null : remainingSeconds(runs, left, await countPlaces(database, teamId)),
  }
}

function statusOf(isCanceled: boolean, left: number, running: number, all: number) {
  if (isCanceled) return 'CANCELED'
  if (left === 0) return 'ENDED'
  return running > 0 || left < all ? 'RUNNING' : 'WAITING'
}

/** As if the rest took as long as runs of the same cohort took so far, in as many places as there are. */
function remainingSeconds(runs: Counted[], left: Counted[], places: number): number | null {
  const ended = runs.flatMap((run) => {
    const { status, startedAt, finishedAt, cohortId } = run
    if (status !== 'SUCCEEDED' || !startedAt || !finishedAt) return []
    return [{ cohortId, seconds: (finishedAt.getTime() - startedAt.getTime()) / 1000 }]
  })
  if (ended.length === 0) return null
  const meanOf = (some: typeof ended) => some.reduce((sum, { seconds }) => sum + seconds, 0) / some.length
  const rest = left.reduce((sum, { cohortId, step, steps }) => {
    const alike = ended.filter((run) => run.cohortId === cohortId)
    return sum + meanOf(alike.length > 0 ? alike : ended) * (1 - (steps ? step / steps : 0))
  }, 0)
  return rest / Math.min(places, left.length)
}

/** The design that the row keeps. */
export function planOf({ plan }: Experiment): StoredPlan {
  return StoredPlan.parse(plan)
}

import { WORKER_SILENT_SECONDS } from '../../../contract/devices.ts'
import { HELD_STATUSES } from '../../../contract/run-states.ts'
import type { Database, Run, Worker } from '../../../prisma/client.ts'

type Living = Pick<Worker, 'device' | 'labels' | 'engineBuild'>

/**
 * Why no worker can take a QUEUED run now, in words and with what helps; null where it only waits for its turn.
 */
export async function explainWaiting(database: Database, run: Run): Promise<string | null> {
  const workers = await database.$queryRaw<Living[]>`
    SELECT device, labels, "engineBuild" FROM "Worker"
    WHERE NOT draining AND "heartbeatAt" > now() - make_interval(secs => ${WORKER_SILENT_SECONDS})`
  return (
    explainMissing(run, workers) ??
    (await explainOtherBuild(database, run, workers)) ??
    (await explainLimit(database, run))
  )
}

function explainMissing({ device, label }: Run, workers: readonly Living[]): string | null {
  if (workers.length === 0) return 'No worker is there. Start one with `npm run worker`.'
  const equipped = workers.filter((worker) => device === null || worker.device === device)
  if (equipped.length === 0)
    return `It asks for a ${device}, and no worker that is there has one. Start one on a machine that has.`
  if (label === null || equipped.some(({ labels }) => labels.includes(label))) return null
  const asked = device === null ? '' : ` and a ${device}`
  return `It asks for the label “${label}”${asked}, and no worker that is there bears it. Start one with WORKER_LABELS=${label}.`
}

async function explainOtherBuild(
  database: Database,
  { id, engineBuild }: Run,
  workers: readonly Living[],
): Promise<string | null> {
  if (engineBuild === null || workers.some((worker) => worker.engineBuild === engineBuild)) return null
  if ((await database.checkpoint.count({ where: { runId: id } })) === 0) return null
  const others = [...new Set(workers.map((worker) => worker.engineBuild))].join(', ')
  return `Its checkpoint was made by the engine build ${engineBuild}, and the workers that are there have ${others}. Start a worker of that build, or cancel the run and try it again from scratch.`
}

async function explainLimit(database: Database, { teamId }: Run): Promise<string | null> {
  const { maxRunningRuns } = await database.team.findUniqueOrThrow({ where: { id: teamId } })
  const held = await database.run.count({
    where: { teamId, status: { in: [...HELD_STATUSES] } },
  })
  if (held < maxRunningRuns) return null
  return `Workers hold ${held} runs of the team, as many as it may have at a time.`
}

import { createHash } from 'node:crypto'
import { WORKER_SILENT_SECONDS } from '../../../contract/devices.ts'
import { HELD_STATUSES } from '../../../contract/runs/run-states.ts'
import type { Database, Run, Worker } from '../../../prisma/client.ts'
import { HELD } from '../../../runs/lease.ts'
import type { Actor } from '../../access/actor.ts'
import { isAdministrator } from '../../access/administrator.ts'

/** A worker as members of any team may see it: where it runs and what it runs is for teams that it has trained for. */
export interface ListedWorker extends Omit<Worker, 'engineBuild'> {
  engineBuild: string | null
  /** Null unless it is drained. */
  drainedAt: Date | null
  /** Whether it also returns what it trains. */
  handsBack: boolean
  heartbeatAgeSeconds: number
  silent: boolean
  /** Of whatever team. */
  runsInHand: number
  /** Those of them that are of the actor's teams. */
  runs: Run[]
}

/** Every worker, the newest first. Who is not signed in sees none; whoever administers the instance, the name of each. */
export async function listWorkers(database: Database, actor: Actor | null): Promise<ListedWorker[]> {
  if (!actor) return []
  if (await isAdministrator(database, actor)) return listAllWorkers(database, actor)
  return list(database, actor, (workers) => findKnown(database, actor, workers))
}

/** The same for the instance's administrator, with the name of each. */
export async function listAllWorkers(database: Database, actor: Actor): Promise<ListedWorker[]> {
  return list(database, actor, async (workers) => new Set(workers.map(({ name }) => name)))
}

async function list(
  database: Database,
  actor: Actor,
  find: (workers: readonly { name: string }[]) => Promise<Set<string>>,
): Promise<ListedWorker[]> {
  const workers = await database.$queryRaw<Omit<ListedWorker, 'silent' | 'runs'>[]>`
    SELECT worker.*, drain."createdAt" AS "drainedAt", COALESCE(drain."handsBack", false) AS "handsBack",
      EXTRACT(EPOCH FROM now() - worker."heartbeatAt")::float8 AS "heartbeatAgeSeconds",
      (SELECT count(*)::int FROM "Run" AS run
       WHERE run."workerName" = worker.name AND run.status IN ${HELD}) AS "runsInHand"
    FROM "Worker" AS worker LEFT JOIN "WorkerDrain" AS drain ON drain."workerName" = worker.name
    ORDER BY worker."startedAt" DESC, worker.name`
  const own = await database.run.findMany({
    where: {
      status: { in: [...HELD_STATUSES] },
      workerName: { in: workers.map(({ name }) => name) },
      teamId: actor.kind === 'apiKey' ? actor.teamId : undefined,
      team: { members: { some: { userId: actor.userId } } },
    },
    orderBy: { startedAt: 'asc' },
  })
  const known = await find(workers)
  return workers.map((worker) => ({
    ...worker,
    ...(known.has(worker.name) ? {} : { name: namelessly(worker), engineBuild: null }),
    silent: worker.heartbeatAgeSeconds > WORKER_SILENT_SECONDS,
    runs: own.filter(({ workerName }) => workerName === worker.name),
  }))
}

/** The names of those that have trained for a team of the actor's: its members read them in their runs. */
async function findKnown(
  database: Database,
  actor: Actor,
  workers: readonly { name: string }[],
): Promise<Set<string>> {
  const workerName = { in: workers.map(({ name }) => name) }
  const teamId = actor.kind === 'apiKey' ? actor.teamId : undefined
  const team = { members: { some: { userId: actor.userId } } }
  const [runs, attempts] = await Promise.all([
    database.run.findMany({ where: { workerName, teamId, team }, distinct: ['workerName'] }),
    database.runAttempt.findMany({ where: { workerName, teamId, team }, distinct: ['workerName'] }),
  ])
  return new Set([...runs, ...attempts].flatMap((row) => row.workerName ?? []))
}

/** The same at each look, and of nothing that tells where it runs. */
function namelessly({ id }: { id: string }): string {
  return `worker-${createHash('sha256').update(id).digest('hex').slice(0, 8)}`
}

/**
 * Drained workers, which take nothing more until they are resumed. The fact is kept by the worker's name and outlives its
 * process: one that is started in its place on the same machine is drained as well.
 */
import { type DeviceKind, WORKER_SILENT_SECONDS } from '../contract/devices.ts'
import { type Database, Prisma, type Transaction } from '../prisma/client.ts'
import { HELD } from './lease.ts'
import { notifyRunControl } from './notifications.ts'

/** Whether the worker of this name is drained, as a condition. */
export function isDrained(workerName: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`EXISTS (SELECT FROM "WorkerDrain" AS drain WHERE drain."workerName" = ${workerName})`
}

/** Whether a row of "Worker" takes runs, as a condition: it is alive, not drained, and does not end. */
export const takesRuns = Prisma.sql`(NOT "Worker".draining AND NOT ${isDrained(Prisma.sql`"Worker".name`)}
  AND "Worker"."heartbeatAt" > now() - make_interval(secs => ${WORKER_SILENT_SECONDS}))`

interface Drained {
  name: string
  host: string
  device: DeviceKind
}

/** @param handsBack  whether it also returns what it trains, instead of finishing that. Idempotent; the last word counts. */
export async function drain(
  tx: Transaction,
  { name, host, device }: Drained,
  handsBack: boolean,
): Promise<void> {
  const row = { workerName: name, host, device, handsBack }
  await tx.workerDrain.upsert({ where: { workerName: name }, create: row, update: { handsBack } })
  if (!handsBack) return
  const held = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM "Run" WHERE "workerName" = ${name} AND status IN ${HELD}`
  for (const { id } of held) await notifyRunControl(tx, id)
}

/** Has a worker take runs again. Idempotent. */
export async function resumeWorker(tx: Transaction, workerName: string): Promise<void> {
  await tx.workerDrain.deleteMany({ where: { workerName } })
}

/** Null for a worker that is not drained. */
export async function readDrain(
  database: Database,
  workerName: string,
): Promise<{ handsBack: boolean } | null> {
  return database.workerDrain.findUnique({ where: { workerName }, select: { handsBack: true } })
}

/**
 * Has a worker that starts stay drained where one before it was, on this machine and on the same kind of device.
 * @param isAlive  whether a process of this machine still runs
 * @returns the name of the one before; null where there is none
 */
export async function takeOverDrain(
  tx: Transaction,
  { name, host, device }: Drained,
  isAlive: (pid: number) => boolean,
): Promise<string | null> {
  const drains = await tx.workerDrain.findMany({ where: { host, device }, orderBy: { createdAt: 'asc' } })
  if (drains.some(({ workerName }) => workerName === name)) return name
  const workers = await tx.worker.findMany({ where: { host }, select: { name: true, pid: true } })
  const alive = new Set(workers.filter(({ pid }) => isAlive(pid)).map((worker) => worker.name))
  for (const { workerName } of drains.filter((drained) => !alive.has(drained.workerName))) {
    // Another one that starts meanwhile may have taken it over, or it was resumed.
    const { count } = await tx.workerDrain.updateMany({ where: { workerName }, data: { workerName: name } })
    if (count > 0) return workerName
  }
  return null
}

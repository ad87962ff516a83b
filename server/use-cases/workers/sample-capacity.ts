import { WORKER_SILENT_SECONDS } from '../../../contract/devices.ts'
import { type Database, Prisma } from '../../../prisma/client.ts'
import { isDrained } from '../../../runs/drains.ts'
import { HELD } from '../../../runs/lease.ts'
import { repeatQuietly } from '../../repeat.ts'
import type { Services } from '../../services.ts'

const SAMPLE_EVERY_MS = 60_000
const KEPT_DAYS = 31

/** Notes once a minute how many places workers have, and how many are taken. @returns what ends it */
export function sampleCapacity({ database, log }: Pick<Services, 'database' | 'log'>): () => void {
  return repeatQuietly(
    SAMPLE_EVERY_MS,
    () => sampleOnce(database),
    (error) => log.warn({ err: error }, 'the capacity could not be noted'),
  )
}

/** One row a minute and kind of device, however many servers look. */
export async function sampleOnce(database: Database): Promise<void> {
  await database.$executeRaw`
    WITH places AS (
      SELECT worker.device, worker.capacity,
        worker."heartbeatAt" > now() - make_interval(secs => ${WORKER_SILENT_SECONDS}) AS "isAlive",
        ${isDrained(Prisma.sql`worker.name`)} AS "isDrained",
        least(worker.capacity, (SELECT count(*)::int FROM "Run" AS run
          WHERE run."workerName" = worker.name AND run.status IN ${HELD})) AS held
      FROM "Worker" AS worker
    )
    INSERT INTO "CapacitySample" (at, device, busy, idle, drained, away)
    SELECT date_trunc('minute', now()), device,
      COALESCE(sum(held) FILTER (WHERE "isAlive"), 0),
      COALESCE(sum(capacity - held) FILTER (WHERE "isAlive" AND NOT "isDrained"), 0),
      COALESCE(sum(capacity - held) FILTER (WHERE "isAlive" AND "isDrained"), 0),
      COALESCE(sum(capacity) FILTER (WHERE NOT "isAlive"), 0)
    FROM places GROUP BY device
    ON CONFLICT DO NOTHING`
  await database.$executeRaw`
    DELETE FROM "CapacitySample" WHERE at < now() - make_interval(days => ${KEPT_DAYS})`
}

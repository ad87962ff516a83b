import { statfs } from 'node:fs/promises'
import { JOBS } from '../../../storage/jobs/index.ts'
import { askPart, withinMs } from '../../ask-parts.ts'
import type { Services } from '../../services.ts'
import { VERSION } from '../../version.ts'

const startedAt = new Date()

/** How the parts of the instance are; what a part does not tell in time is null. */
export function readHealth(services: Services) {
  const { config } = services
  return {
    version: VERSION,
    nodeVersion: process.versions.node,
    startedAt,
    database: () => readDatabase(services),
    queue: async () => ({
      answers: await askPart(services, 'queue'),
      kind: config.redisUrl ? 'Redis' : 'PostgreSQL',
      waiting: await withinMs(countWaiting(services)),
    }),
    storage: async () => ({
      answers: await askPart(services, 'storage'),
      kind: config.storage.kind === 'disk' ? 'Folder' : 'S3 bucket',
      place: config.storage.kind === 'disk' ? config.storage.folder : config.storage.bucket,
      freeBytes: config.storage.kind === 'disk' ? await withinMs(readFreeBytes(config.storage.folder)) : null,
    }),
  }
}

async function readDatabase(services: Services) {
  const [row] =
    (await withinMs(
      services.database.$queryRaw<{ version: string; byteLength: bigint }[]>`
        SELECT current_setting('server_version') AS version,
          pg_database_size(current_database()) AS "byteLength"`,
    )) ?? []
  return {
    answers: await askPart(services, 'database'),
    version: row?.version ?? null,
    byteLength: row?.byteLength ?? null,
  }
}

async function countWaiting({ queues }: Services): Promise<number> {
  const counts = await Promise.all(JOBS.map((job) => queues.countWaiting(job)))
  return counts.reduce((sum, count) => sum + count, 0)
}

async function readFreeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

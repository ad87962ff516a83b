import { setTimeout as sleep } from 'node:timers/promises'
import type { Worker } from 'bullmq'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { currentRequestId, forRequest } from '../../logging/request-context.ts'
import { importDatasetJob } from '../../storage/jobs/import-dataset.ts'
import { type JobQueues, openJobQueues, openJobWorker, type QueueConnection } from '../../storage/queue.ts'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { type RedisServer, startRedisServer } from './redis-server.ts'

let db: TestDatabase
let redis: RedisServer
let queues: JobQueues
let workers: Worker[] = []

beforeAll(async () => {
  redis = await startRedisServer()
  db = await createTestDatabase()
})
afterAll(async () => {
  await redis?.stop()
  await db?.drop()
})

const BACKENDS: [string, () => QueueConnection, () => Promise<void>][] = [
  ['PostgreSQL', () => ({ databaseUrl: db.url }), () => wipePostgres(db.url)],
  ['Redis', () => ({ databaseUrl: db.url, redisUrl: redis.url }), () => redis.wipe()],
]

describe.each(BACKENDS)('a queue in %s', (_, connection, wipe) => {
  beforeEach(async () => {
    queues = await openJobQueues(connection(), () => {})
  })
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.close(true)))
    workers = []
    await queues.close()
    await wipe()
  })

  /** @returns the ids of the versions that were handled, in order, as they come */
  function work(handle: (id: string) => Promise<void> = async () => {}, concurrency = 1): string[] {
    const handled: string[] = []
    const worker = openJobWorker(
      importDatasetJob,
      connection(),
      async ({ datasetVersionId }) => {
        handled.push(datasetVersionId)
        await handle(datasetVersionId)
      },
      { concurrency, onError: () => {} },
    )
    workers.push(worker)
    return handled
  }
  const enqueue = (datasetVersionId: string) => queues.enqueue(importDatasetJob, { datasetVersionId })

  it('gives jobs in the order in which they came, to a worker that comes later', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `version-${index}`)
    for (const id of ids) await enqueue(id)
    const handled = work()
    await expect.poll(() => handled, { timeout: 10_000 }).toEqual(ids)
  })

  it('tells with a job for which request it is done', async () => {
    const asked: unknown[] = []
    await forRequest('req_7', () => enqueue('for a request'))
    await enqueue('for none')
    work(async () => void asked.push(currentRequestId()))
    await expect.poll(() => asked, { timeout: 20_000 }).toEqual(['req_7', undefined])
  })

  it('gives a job to a worker that waits, at once', async () => {
    const handled = work()
    await workers[0]!.waitUntilReady()
    await sleep(300)
    const atMs = performance.now()
    await enqueue('now')
    await expect.poll(() => handled, { timeout: 20_000, interval: 10 }).toEqual(['now'])
    expect(performance.now() - atMs).toBeLessThan(3_000)
  })

  it('keeps a job once while it waits and while it is worked on, and takes it anew afterwards', async () => {
    await enqueue('same')
    await enqueue('same')
    let finish = () => {}
    const handled = work(() => new Promise<void>((resolve) => (finish = resolve)), 2)
    await expect.poll(() => handled, { timeout: 20_000 }).toEqual(['same'])
    await enqueue('same')
    await sleep(500)
    expect(handled).toEqual(['same'])
    finish()
    await expect
      .poll(
        async () => {
          await enqueue('same')
          return handled.length
        },
        { timeout: 20_000 },
      )
      .toBe(2)
    finish()
  })

  it('gives every job to one of several workers alone', async () => {
    const all = [work(() => sleep(5)), work(() => sleep(5)), work(() => sleep(5))]
    const ids = Array.from({ length: 60 }, (_, index) => `version-${index}`)
    await Promise.all(ids.map(enqueue))
    await expect.poll(() => all.flat().length, { timeout: 20_000 }).toBe(60)
    expect(all.flat().sort()).toEqual([...ids].sort())
  })

  it('tries a job that fails three times, later each time, and then lets it go', async () => {
    const handled = work(async () => {
      throw new Error('no luck')
    })
    const atMs = performance.now()
    await enqueue('unlucky')
    await expect.poll(() => handled.length, { timeout: 15_000 }).toBe(3)
    expect(performance.now() - atMs).toBeGreaterThan(2_500)
    await sleep(500)
    expect(handled).toHaveLength(3)
    await enqueue('unlucky')
    await expect.poll(() => handled.length, { timeout: 20_000 }).toBe(4)
  })

  it('refuses a payload that is none', async () => {
    await expect(queues.enqueue(importDatasetJob, { datasetVersionId: 3 } as never)).rejects.toThrow()
  })

  it('may be emptied at any time: what is put in afterwards is worked on', async () => {
    await enqueue('lost')
    await wipe()
    await enqueue('kept')
    const handled = work()
    await expect.poll(() => handled, { timeout: 10_000 }).toEqual(['kept'])
  })
})

describe('a queue whose server is away', () => {
  it('says so when it is opened, where the server is PostgreSQL', async () => {
    const nowhere = { databaseUrl: 'postgresql://nobody@127.0.0.1:9/none' }
    await expect(openJobQueues(nowhere, () => {})).rejects.toThrow()
  })
})

/** Empties the schema `bullmq` and leaves its tables, as an operator would. */
async function wipePostgres(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ name: string }>(
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'bullmq'",
  )
  const jobs = rows.map(({ name }) => name).filter((name) => !/migration|version/.test(name))
  await client.query(`TRUNCATE ${jobs.join(', ')} CASCADE`).finally(() => client.end())
}

import { Router } from 'express'
import type { Services } from './services.ts'

const ANSWER_TIMEOUT_MS = 2_000
/** A hash that no blob has: whether it is there can be asked of any storage that answers. */
const NO_BLOB = '0'.repeat(64)

type Part = 'database' | 'queue' | 'storage'

/**
 * /livez: the process is alive; whoever restarts it goes by that, since an outage of others is none of its own.
 * /readyz: its database answers, so that it can take requests. /healthz: everything that it needs answers, part by part.
 */
export function createHealthRoutes(services: Pick<Services, 'database' | 'queues' | 'storage'>): Router {
  const { database, queues, storage } = services
  const checks: Record<Part, () => Promise<unknown>> = {
    database: () => database.$queryRaw`SELECT 1`,
    queue: () => queues.countWaiting({ name: 'import-dataset' }),
    storage: () => storage.has(NO_BLOB),
  }
  const router = Router()
  router.get('/livez', (_, response) => void response.json({ status: 'ok' }))
  router.get('/readyz', async (_, response) => {
    const ready = await answersInTime(checks.database)
    response.status(ready ? 200 : 503).json({ status: ready ? 'ok' : 'the database does not answer' })
  })
  router.get('/healthz', async (_, response) => {
    const parts = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await answersInTime(check)] as const),
    )
    const silent = parts.filter(([, answers]) => !answers).map(([name]) => name)
    const status = silent.length === 0 ? 'ok' : `no answer from: ${silent.join(', ')}`
    const described = parts.map(([name, answers]) => [name, answers ? 'ok' : 'no answer'])
    response.status(silent.length === 0 ? 200 : 503).json({ status, ...Object.fromEntries(described) })
  })
  return router
}

async function answersInTime(check: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ANSWER_TIMEOUT_MS, false)
  })
  const answer = Promise.resolve()
    .then(check)
    .then(
      () => true,
      () => false,
    )
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}

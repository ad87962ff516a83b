import { Router } from 'express'
import type { Database } from '../prisma/client.ts'

const ANSWER_TIMEOUT_MS = 2_000

/** /healthz: the process is alive. /readyz: its database answers, too. */
export function createHealthRoutes(database: Database): Router {
  const router = Router()
  router.get('/healthz', (_, response) => void response.json({ status: 'ok' }))
  router.get('/readyz', async (_, response) => {
    const ready = await answersInTime(database)
    response.status(ready ? 200 : 503).json({ status: ready ? 'ok' : 'the database does not answer' })
  })
  return router
}

async function answersInTime(database: Database): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ANSWER_TIMEOUT_MS, false)
  })
  const answer = database.$queryRaw`SELECT 1`.then(
    () => true,
    () => false,
  )
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}

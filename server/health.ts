import { Router } from 'express'
import { type Asked, askPart, PARTS } from './ask-parts.ts'

/**
 * /livez: the process is alive; whoever restarts it goes by that, since an outage of others is none of its own.
 * /readyz: its database answers, so that it can take requests. /healthz: everything that it needs answers, part by part.
 */
export function createHealthRoutes(services: Asked): Router {
  const router = Router()
  router.get('/livez', (_, response) => void response.json({ status: 'ok' }))
  router.get('/readyz', async (_, response) => {
    const ready = await askPart(services, 'database')
    response.status(ready ? 200 : 503).json({ status: ready ? 'ok' : 'the database does not answer' })
  })
  router.get('/healthz', async (_, response) => {
    const parts = await Promise.all(PARTS.map(async (part) => [part, await timed(services, part)] as const))
    const silent = parts.filter(([, { status }]) => status !== 'ok').map(([name]) => name)
    const status = silent.length === 0 ? 'ok' : `no answer from: ${silent.join(', ')}`
    response.status(silent.length === 0 ? 200 : 503).json({ status, ...Object.fromEntries(parts) })
  })
  return router
}

async function timed(services: Asked, part: (typeof PARTS)[number]) {
  const startedMs = performance.now()
  const answers = await askPart(services, part)
  return { status: answers ? 'ok' : 'no answer', milliseconds: Math.round(performance.now() - startedMs) }
}

import { pipeline } from 'node:stream/promises'
import { type RequestHandler, Router } from 'express'
import type { Identify } from '../access/identify.ts'
import { findPermitted } from '../access/permit.ts'
import { notFound } from '../errors.ts'
import type { Services } from '../services.ts'
import { auditDownload } from './audit-download.ts'

/** /files/checkpoints/<run>/<step>.safetensors: a run's checkpoint, to whoever is signed in as a member. */
export function createCheckpointRoutes(services: Services, identify: Identify): Router {
  const router = Router()
  router.get('/checkpoints/:id/:name', sendCheckpoint(services, identify))
  return router
}

function sendCheckpoint(
  { database, storage }: Services,
  identify: Identify,
): RequestHandler<{ id: string; name: string }> {
  return async (request, response) => {
    const { params, headers } = request
    const [, step] = /^(\d{1,9})\.safetensors$/.exec(params.name) ?? []
    const actor = await identify(headers)
    const run = step && (await findPermitted({ database, actor }, 'Run', params.id, 'VIEWER'))
    const place = run && { runId: run.id, step: Number(step) }
    const checkpoint = place && (await database.checkpoint.findUnique({ where: { runId_step: place } }))
    if (!run || !checkpoint || !(await storage.has(checkpoint.sha256))) throw notFound('checkpoint')
    const detail = { file: 'checkpoint' }
    await auditDownload({ database }, request, actor, { type: 'Run', row: run, detail })
    response.set({
      'Content-Type': 'application/octet-stream',
      'Content-Length': String(checkpoint.byteLength),
      'Content-Disposition': `attachment; filename="run-${run.number}-step-${step}.safetensors"`,
      'Cache-Control': 'private, no-transform, max-age=900',
    })
    await pipeline(storage.read(checkpoint.sha256), response).catch((error) => {
      // A reader who goes away in the middle is no fault of ours.
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
    })
  }
}

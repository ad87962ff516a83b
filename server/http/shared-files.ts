import { type RequestHandler, Router } from 'express'
import { ReceiptKey } from '../access/receipt-key.ts'
import type { Services } from '../services.ts'
import { readReceipt } from '../use-cases/runs/read-receipt.ts'
import { type FoundLink, findShared } from '../use-cases/sharing/find-shared.ts'
import { receiptWithoutOrigins } from '../use-cases/sharing/without-origins.ts'
import { auditDownload } from './audit-download.ts'
import { sendArtifact } from './downloads.ts'

type Params = { token: string; name: string }

/** /files/shared/<token>/<name>: what a shared page links to, a run's receipt or a model's files. */
export function createSharedFileRoutes(services: Services): Router {
  const router = Router()
  router.get('/shared/:token/:name', sendShared(services, new ReceiptKey(services.config.authSecret)))
  return router
}

function sendShared(services: Services, key: ReceiptKey): RequestHandler<Params> {
  const { database, sharedFiles } = services
  return async (request, response) => {
    const { token, name } = request.params
    const link = sharedFiles.verify(token, name, request.query) ? await findShared(database, token) : null
    response.set({ 'X-Robots-Tag': 'noindex, nofollow', 'Referrer-Policy': 'no-referrer' })
    const run = name === 'receipt' ? link?.run : null
    const receipt = run ? await readReceipt(database, run.id) : null
    if (run && receipt) {
      const detail = { file: 'receipt', shareLinkId: link?.id ?? null }
      await auditDownload({ database }, request, null, { type: 'Run', row: run, detail })
      response.set({
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Disposition': 'attachment; filename="receipt.json"',
      })
      return void response.end(`${JSON.stringify(key.sign(receiptWithoutOrigins(receipt)))}\n`)
    }
    const artifact = link?.withFiles ? await findArtifact(services, link, name) : null
    const detail = { shareLinkId: link?.id ?? null }
    if (artifact) return sendArtifact(services, { artifact, actor: null, detail }, request, response)
    response.status(403).json({
      code: 'FORBIDDEN',
      message: 'The address is not right, or has expired. Load the shared page again.',
    })
  }
}

async function findArtifact({ database }: Services, { modelId, ensembleId }: FoundLink, name: string) {
  if (!modelId && !ensembleId) return null
  const artifacts = await database.artifact.findMany({ where: modelId ? { modelId } : { ensembleId } })
  return artifacts.find(({ format }) => format === name) ?? null
}

import { type RequestHandler, Router } from 'express'
import type { Identify } from '../access/identify.ts'
import { findPermitted } from '../access/permit.ts'
import { ReceiptKey } from '../access/receipt-key.ts'
import { notFound } from '../errors.ts'
import type { Services } from '../services.ts'
import { readReceipt } from '../use-cases/runs/read-receipt.ts'
import { auditDownload } from './audit-download.ts'

/** /files/receipts/<run>.json: a finished run's receipt, signed by this instance, to whoever is signed in as a member. */
export function createReceiptRoutes(services: Services, identify: Identify): Router {
  const router = Router()
  const key = new ReceiptKey(services.config.authSecret)
  router.get('/receipts/:name', sendReceipt(services, key, identify))
  return router
}

function sendReceipt(
  { database }: Services,
  key: ReceiptKey,
  identify: Identify,
): RequestHandler<{ name: string }> {
  return async (request, response) => {
    const { params, headers } = request
    const [, id] = /^(\w+)\.json$/.exec(params.name) ?? []
    const actor = await identify(headers)
    const run = id && (await findPermitted({ database, actor }, 'Run', id, 'VIEWER'))
    const receipt = run ? await readReceipt(database, run.id) : null
    if (!run || !receipt) throw notFound('receipt')
    await auditDownload({ database }, request, actor, { type: 'Run', row: run, detail: { file: 'receipt' } })
    response.set({
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Disposition': `attachment; filename="receipt-run-${run.number}.json"`,
    })
    response.end(`${JSON.stringify(key.sign(receipt))}\n`)
  }
}

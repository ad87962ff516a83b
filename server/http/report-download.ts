import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type RequestHandler, Router } from 'express'
import { csvField } from '../../contract/csv-field.ts'
import { ImportReport } from '../../contract/import-report.ts'
import type { Identify } from '../access/identify.ts'
import { findPermitted } from '../access/permit.ts'
import { notFound } from '../errors.ts'
import type { Services } from '../services.ts'
import { auditDownload } from './audit-download.ts'

type Row = [what: string, file: string, note: string]

const ROWS_A_CHUNK = 500

/** /files/reports/<version>.csv: all that is known of a version's import, to whoever is signed in as a member. */
export function createReportRoutes(services: Services, identify: Identify): Router {
  const router = Router()
  router.get('/reports/:name', sendReport(services, identify))
  return router
}

function sendReport({ database }: Services, identify: Identify): RequestHandler<{ name: string }> {
  return async (request, response) => {
    const { params, headers } = request
    const [, id] = /^(\w+)\.csv$/.exec(params.name) ?? []
    const actor = await identify(headers)
    const version = id && (await findPermitted({ database, actor }, 'DatasetVersion', id, 'VIEWER'))
    if (!version || version.report === null) throw notFound('report')
    await auditDownload({ database }, request, actor, {
      type: 'DatasetVersion',
      row: version,
      detail: { file: 'import report' },
    })
    response.set({
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="import-report-version-${version.number}.csv"`,
    })
    await pipeline(Readable.from(writeChunks(ImportReport.parse(version.report))), response)
  }
}

function* writeChunks(report: ImportReport): Generator<string> {
  let rows: string[] = []
  for (const row of rowsOf(report)) {
    rows.push(`${row.map(csvField).join(',')}\r\n`)
    if (rows.length < ROWS_A_CHUNK) continue
    yield rows.join('')
    rows = []
  }
  yield rows.join('')
}

/** Where more was found than an import names, a row says how much is missing. */
function* rowsOf(report: ImportReport): Generator<Row> {
  yield ['what', 'file', 'note']
  yield ['imported', '', `${report.pictures}`]
  yield ['resized', '', `${report.resizedCount}`]
  yield ['left out', '', `${report.leftOutCount}`]
  yield ['not images', '', `${report.ignoredCount}`]
  for (const note of report.notes) yield ['note', '', note]
  for (const { message, remedy } of report.doubts) yield ['doubt', '', `${message} ${remedy}`]
  for (const { width, height, count } of report.sizes) yield ['size', `${width}x${height}`, `${count}`]
  yield* filesOf('left out', report.leftOut, report.leftOutCount)
  yield* filesOf('not an image', report.ignored, report.ignoredCount)
}

function* filesOf(what: string, files: ImportReport['leftOut'], count: number): Generator<Row> {
  for (const { path, reason } of files) yield [what, path, reason]
  if (count > files.length)
    yield [what, '', `and ${count - files.length} more, which the import did not name`]
}

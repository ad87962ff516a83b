import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type RequestHandler, Router } from 'express'
import type { Database, Run } from '../../prisma/client.ts'
import type { Identify } from '../access/identify.ts'
import { findPermitted } from '../access/permit.ts'
import { notFound } from '../errors.ts'
import type { Services } from '../services.ts'
import { type LogLine, readLog } from '../use-cases/runs/read-log.ts'
import { auditDownload } from './audit-download.ts'

const PAGE_LINES = 1_000
const WHOLE = { levels: null, sources: null }

const FORMATS: Record<string, { type: string; write: (line: LogLine) => string }> = {
  jsonl: {
    type: 'application/jsonl',
    write: ({ seq, at, level, source, attempt, text }) =>
      JSON.stringify({ seq, time: at, level, source, attempt, text }),
  },
  txt: {
    type: 'text/plain',
    write: ({ at, level, source, attempt, text }) =>
      `${at.toISOString()} ${level.padEnd(5)} ${source.padEnd(10)} [${attempt}] ${text}`,
  },
}

/** /files/logs/<run>.txt and .jsonl: the log of a run from its first line on, to whoever is signed in as a member. */
export function createRunLogRoutes(services: Services, identify: Identify): Router {
  const router = Router()
  router.get('/logs/:name', sendLog(services, identify))
  return router
}

function sendLog({ database }: Services, identify: Identify): RequestHandler<{ name: string }> {
  return async (request, response) => {
    const { params, headers } = request
    const [runId = '', extension = ''] = params.name.split('.')
    const format = FORMATS[extension]
    const actor = await identify(headers)
    const run = format && (await findPermitted({ database, actor }, 'Run', runId, 'VIEWER'))
    if (!run) throw notFound('log')
    await auditDownload({ database }, request, actor, { type: 'Run', row: run, detail: { file: 'log' } })
    response.set({
      'Content-Type': `${format.type}; charset=utf-8`,
      'Content-Disposition': `attachment; filename="run-${run.number}.${extension}"`,
    })
    await pipeline(Readable.from(writePages(database, run, format.write)), response).catch((error) => {
      // A reader who goes away in the middle is no fault of ours.
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
    })
  }
}

async function* writePages(
  database: Database,
  { id }: Run,
  write: (line: LogLine) => string,
): AsyncGenerator<string> {
  let seq = 0
  for (;;) {
    const lines = await readLog(database, id, seq, WHOLE, PAGE_LINES)
    yield lines.map((line) => `${write(line)}\n`).join('')
    if (lines.length < PAGE_LINES) return
    seq = lines.at(-1)?.seq ?? seq
  }
}

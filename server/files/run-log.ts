import { once } from 'node:events'
import { type RequestHandler, type Response, Router } from 'express'
import type { RunEventPayload } from '../../contract/run-events.ts'
import type { Database, Run } from '../../prisma/client.ts'
import { roleIn } from '../access/actor.ts'
import type { Identify } from '../access/identify.ts'
import { notFound } from '../errors.ts'
import type { Services } from '../services.ts'

const PAGE_LINES = 1_000

/** A line of a run's log: what was said in it, and every change of its state. */
interface LogLine {
  seq: number
  time: string
  level: 'INFO' | 'WARN' | 'ERROR'
  attempt: number
  text: string
}

const FORMATS: Record<string, { type: string; write: (line: LogLine) => string }> = {
  jsonl: { type: 'application/jsonl', write: (line) => JSON.stringify(line) },
  txt: {
    type: 'text/plain',
    write: ({ time, level, attempt, text }) => `${time} ${level.padEnd(5)} [${attempt}] ${text}`,
  },
}

/** /files/logs/<run>.txt and .jsonl: the log of a run from its first line on, to whoever is signed in as a member. */
export function createRunLogRoutes(services: Services, identify: Identify): Router {
  const router = Router()
  router.get('/logs/:name', sendLog(services, identify))
  return router
}

function sendLog({ database }: Services, identify: Identify): RequestHandler<{ name: string }> {
  return async ({ params, headers }, response) => {
    const [runId = '', extension = ''] = params.name.split('.')
    const format = FORMATS[extension]
    const run = format && (await database.run.findUnique({ where: { id: runId } }))
    const actor = run && (await identify(headers))
    if (!run || !actor || !(await roleIn(database, actor, run.teamId))) throw notFound('log')
    response.set({
      'Content-Type': `${format!.type}; charset=utf-8`,
      'Content-Disposition': `attachment; filename="run-${run.number}.${extension}"`,
    })
    for await (const lines of readPages(database, run)) await write(response, lines.map(format!.write))
    response.end()
  }
}

async function write(response: Response, lines: readonly string[]): Promise<void> {
  if (!response.write(lines.map((line) => `${line}\n`).join(''))) await once(response, 'drain')
}

async function* readPages(database: Database, { id: runId }: Run): AsyncGenerator<LogLine[]> {
  let seq = 0
  let attempt = 1
  for (;;) {
    const rows = await database.runEvent.findMany({
      where: { runId, seq: { gt: seq }, kind: { in: ['LOG', 'STATUS'] } },
      orderBy: { seq: 'asc' },
      take: PAGE_LINES,
    })
    yield rows.map((row) => {
      const payload = row.payload as RunEventPayload
      if (payload.kind === 'STATUS') attempt = payload.attempt
      return { seq: row.seq, time: row.at.toISOString(), attempt, ...tell(payload) }
    })
    if (rows.length < PAGE_LINES) return
    seq = rows.at(-1)!.seq
  }
}

function tell(payload: RunEventPayload): Pick<LogLine, 'level' | 'text'> {
  // A line of its own for each line, so that nobody can write what looks like another.
  if (payload.kind === 'LOG')
    return { level: payload.level, text: payload.message.replaceAll(/\s*\n\s*/g, ' ') }
  if (payload.kind !== 'STATUS') return { level: 'INFO', text: payload.kind }
  const { status, phase, failure } = payload
  const state = phase === null ? status : `${status}, ${phase}`
  return failure ? { level: 'ERROR', text: `${state}: ${failure.message}` } : { level: 'INFO', text: state }
}

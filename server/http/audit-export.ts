import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Request, type RequestHandler, Router } from 'express'
import { AUDIT_ACTIONS, type AuditAction } from '../../contract/audit/actions.ts'
import { csvField } from '../../contract/csv-field.ts'
import type { AuditEvent, Database } from '../../prisma/client.ts'
import type { Identify } from '../access/identify.ts'
import { auditActorOf, originOf } from '../access/request-origin.ts'
import { writeEvents } from '../audit/events.ts'
import { notFound } from '../errors.ts'
import type { Services } from '../services.ts'
import {
  type AuditFilter,
  type AuditScope,
  permitAudit,
  readWholeAudit,
} from '../use-cases/audit/read-audit.ts'

const ROWS_AT_ONCE = 1_000

type Names = Map<string, { name: string; email: string }>

interface Format {
  type: string
  begin: string
  write: (row: AuditEvent, names: Names) => string
}

/** /files/audit/<team id, or instance>.csv and .jsonl, with the page's filter in the query: the log as a file, the newest first. */
export function createAuditExportRoutes(services: Services, identify: Identify): Router {
  const router = Router()
  router.get('/audit/:name', sendAudit(services, identify))
  return router
}

function sendAudit({ database }: Services, identify: Identify): RequestHandler<{ name: string }> {
  return async (request, response) => {
    const [, place = '', extension = ''] = /^(\w+)\.(\w+)$/.exec(request.params.name) ?? []
    const format = Object.hasOwn(FORMATS, extension) ? FORMATS[extension] : undefined
    if (!format) throw notFound('export')
    const scope: AuditScope = place === 'instance' ? 'INSTANCE' : { teamId: place }
    const actor = await identify(request.headers)
    await permitAudit(database, actor, scope)
    const filter = filterOf(request)
    const pages = readWholeAudit(database, scope, filter, ROWS_AT_ONCE)
    // What is wrong with the filter is told before anything is sent.
    const first = await pages.next()
    const teamId = scope === 'INSTANCE' ? null : scope.teamId
    const detail = { file: extension, ...filter }
    const event = { actor: auditActorOf(actor), origin: originOf(request), teamId, detail } as const
    await writeEvents(database, [{ ...event, action: 'audit.export' }])
    response.set({
      'Content-Type': `${format.type}; charset=utf-8`,
      'Content-Disposition': `attachment; filename="audit-log.${extension}"`,
    })
    const text = async function* () {
      yield format.begin
      for (let page = first; !page.done; page = await pages.next()) {
        const names = await namesOf(database, page.value)
        yield page.value.map((row) => format.write(row, names)).join('')
      }
    }
    await pipeline(Readable.from(text()), response).catch((error) => {
      // A reader who goes away in the middle is no fault of ours.
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
    })
  }
}

function filterOf({ query }: Request<{ name: string }>): AuditFilter {
  const one = (name: string) =>
    typeof query[name] === 'string' && query[name] !== '' ? query[name] : undefined
  const actions = one('actions')?.split(',')
  const given = { actorId: one('actorId'), subjectId: one('subjectId'), outcome: one('outcome') }
  return Object.fromEntries(
    Object.entries({ ...given, from: one('from'), to: one('to'), actions }).filter(
      ([, value]) => value !== undefined,
    ),
  )
}

/** Of people, by their ids: a deleted account has none any more. */
async function namesOf(database: Database, rows: readonly AuditEvent[]): Promise<Names> {
  const ids = rows.flatMap(({ actorId, subjectType, subjectId }) => [
    ...(actorId ? [actorId] : []),
    ...(subjectType === 'User' && subjectId ? [subjectId] : []),
  ])
  const users = await database.user.findMany({ where: { id: { in: [...new Set(ids)] } } })
  return new Map(users.map((user) => [user.id, user]))
}

type Column = (row: AuditEvent, names: Names) => string | null | undefined

const COLUMNS: Record<string, Column> = {
  time: ({ at }) => at.toISOString(),
  actor_kind: ({ actorKind }) => actorKind,
  actor_id: ({ actorId }) => actorId,
  actor_name: ({ actorId }, names) => names.get(actorId ?? '')?.name,
  actor_email: ({ actorId }, names) => names.get(actorId ?? '')?.email,
  key_id: ({ keyId }) => keyId,
  key_name: ({ keyName }) => keyName,
  action: ({ action }) => action,
  words: ({ action }) => AUDIT_ACTIONS[action as AuditAction],
  subject_type: ({ subjectType }) => subjectType,
  subject_id: ({ subjectId }) => subjectId,
  subject_name: ({ subjectType, subjectId, subjectName }, names) =>
    subjectType === 'User' ? names.get(subjectId ?? '')?.name : subjectName,
  outcome: ({ outcome }) => outcome,
  code: ({ code }) => code,
  team_id: ({ teamId }) => teamId,
  address: ({ address }) => address,
  user_agent: ({ userAgent }) => userAgent,
  request_id: ({ requestId }) => requestId,
  id: ({ id }) => id,
}

const FORMATS: Record<string, Format> = {
  csv: {
    type: 'text/csv',
    begin: `${[...Object.keys(COLUMNS), 'detail'].join(',')}\r\n`,
    write(row, names) {
      const cells = Object.values(COLUMNS).map((column) => column(row, names) ?? '')
      const detail = row.detail === null ? '' : JSON.stringify(row.detail)
      return `${[...cells, detail].map(csvField).join(',')}\r\n`
    },
  },
  jsonl: {
    type: 'application/jsonl',
    begin: '',
    write(row, names) {
      const cells = Object.entries(COLUMNS).map(([name, column]) => [name, column(row, names) ?? null])
      return `${JSON.stringify({ ...Object.fromEntries(cells), detail: row.detail })}\n`
    },
  },
}

import { z } from 'zod'
import { isAuditAction } from '../../../contract/audit/actions.ts'
import { idsFrom } from '../../../contract/ids.ts'
import type { AuditEvent, AuditOutcome, Database, Prisma } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { isAdministrator } from '../../access/administrator.ts'
import { permit } from '../../access/permit.ts'
import { AppError } from '../../errors.ts'
import { direction, onwards, type TimeOrder } from '../list-order.ts'
import { parseInput } from '../parse-input.ts'
import { type Connection, type PageArguments, readNewestFirst } from '../read-page.ts'

export interface AuditFilter {
  /** A person, a service account, or a key. */
  actorId?: string | null
  actions?: readonly string[] | null
  subjectId?: string | null
  outcome?: AuditOutcome | null
  /** The first moment, and the one after the last. */
  from?: string | null
  to?: string | null
}

/** Whose log: a team’s, or the whole instance’s. */
export type AuditScope = { teamId: string } | 'INSTANCE'

const MOST_ACTIONS = 100
const Id = z.string().max(64, 'an id has at most 64 characters')
/** GraphQL's is a Date already, an address's a text. */
const Time = z.preprocess(
  (time) => (typeof time === 'string' ? new Date(time) : time),
  z.date('is no time such as 2026-01-31T12:00:00Z'),
)

const Filter = z.object({
  actorId: Id.nullish(),
  subjectId: Id.nullish(),
  outcome: z.enum(['DONE', 'REFUSED', 'FAILED']).nullish(),
  from: Time.nullish(),
  to: Time.nullish(),
  actions: z
    .array(
      z.string().refine(isAuditAction, { error: ({ input }) => `there is no action “${String(input)}”` }),
    )
    .max(MOST_ACTIONS)
    .nullish(),
})

/** @throws AppError FORBIDDEN, or NOT_FOUND for whoever does not belong to the team */
export async function permitAudit(database: Database, actor: Actor | null, scope: AuditScope): Promise<void> {
  if (scope !== 'INSTANCE') return void (await permit({ database, actor }, 'Team', scope.teamId, 'ADMIN'))
  if (await isAdministrator(database, actor)) return
  throw new AppError('FORBIDDEN', 'The whole log is for whoever administers the instance.')
}

/** A page of the log, the newest first, by keyset: it costs the same however far back it is. */
export async function readAudit(
  database: Database,
  scope: AuditScope,
  filter: AuditFilter,
  { orderBy, ...page }: PageArguments & { orderBy?: TimeOrder | null },
): Promise<Connection<AuditEvent>> {
  const where = whereOf(scope, filter)
  return readNewestFirst(page, {
    read: (key, take) => readOnwards(database, where, key, take, orderBy),
    count: () => database.auditEvent.count({ where }),
  })
}

/** Every row that a filter lets pass, the newest first, some at a time. */
export async function* readWholeAudit(
  database: Database,
  scope: AuditScope,
  filter: AuditFilter,
  rowsAtOnce: number,
): AsyncGenerator<AuditEvent[]> {
  const where = whereOf(scope, filter)
  let before: string | undefined
  for (;;) {
    const rows = await readOnwards(database, where, before, rowsAtOnce)
    if (rows.length > 0) yield rows
    if (rows.length < rowsAtOnce) return
    before = rows.at(-1)?.id
  }
}

function readOnwards(
  database: Database,
  where: Prisma.AuditEventWhereInput,
  key: string | undefined,
  take: number,
  order?: TimeOrder | null,
): Promise<AuditEvent[]> {
  const rest = { AND: [where, { id: onwards(order, key) }] }
  return database.auditEvent.findMany({ where: rest, orderBy: { id: direction(order) }, take })
}

/** Times become ids, by which every index is ordered. */
function whereOf(scope: AuditScope, given: AuditFilter): Prisma.AuditEventWhereInput {
  const { actorId, actions, subjectId, outcome, from, to } = parseInput(Filter, given, ['filter'])
  return {
    ...(scope !== 'INSTANCE' && { teamId: scope.teamId }),
    ...(actorId && (actorId.startsWith('key_') ? { keyId: actorId } : { actorId })),
    ...(actions && actions.length > 0 && { action: { in: [...actions] } }),
    ...(subjectId && { subjectId }),
    // Beside the parameter what the indices of refusals and failures are made for.
    ...(outcome && { outcome, code: outcome === 'DONE' ? null : { not: null } }),
    id: {
      ...(from && { gte: idsFrom('AuditEvent', from) }),
      ...(to && { lt: idsFrom('AuditEvent', to) }),
    },
  }
}

import type { AuditAction } from '../../contract/audit/actions.ts'
import { newId } from '../../contract/ids.ts'
import { toStorable } from '../../contract/text.ts'
import type { AuditActorKind, AuditOutcome, Database, Prisma, Transaction } from '../../prisma/client.ts'
import type { Subject } from './subjects.ts'

/** Who did something. */
export interface AuditActor {
  kind: AuditActorKind
  /** The person, the key's maker or the service account. */
  id?: string
  key?: { id: string; name: string; teamId: string }
}

export const SYSTEM: AuditActor = { kind: 'SYSTEM' }
export const NOBODY: AuditActor = { kind: 'ANONYMOUS' }

/** Where a request came from. */
export interface Origin {
  address: string
  userAgent: string
  requestId: string
}

/** Names, roles and settings: never a secret, and never a whole input. */
export type Detail = Record<string, Prisma.InputJsonValue | null>

export interface AuditedEvent {
  actor: AuditActor
  origin?: Origin | undefined
  action: AuditAction
  teamId?: string | null
  subject?: Subject | null
  outcome?: AuditOutcome
  code?: string | null
  detail?: Detail
}

const MAX_ADDRESS_LENGTH = 64
const MAX_USER_AGENT_LENGTH = 160
const MAX_DETAIL_BYTES = 6_000

/** Adds rows to the log: in the transaction of what they tell of, where there is one. */
export async function writeEvents(
  database: Database | Transaction,
  events: readonly AuditedEvent[],
): Promise<void> {
  const at = new Date()
  await database.auditEvent.createMany({ data: events.map((event) => rowOf(event, at)) })
}

function rowOf(event: AuditedEvent, at: Date): Prisma.AuditEventCreateManyInput {
  const { actor, origin, action, teamId = null, subject, outcome = 'DONE', code = null, detail } = event
  return {
    id: newId('AuditEvent'),
    at,
    teamId,
    actorKind: actor.kind,
    actorId: actor.id ?? null,
    keyId: actor.key?.id ?? null,
    keyName: actor.key?.name ?? null,
    action,
    subjectType: subject?.type ?? null,
    subjectId: subject?.id ?? null,
    subjectName: subject?.name ?? null,
    subjectPath: subject?.path ?? null,
    outcome,
    code,
    ...(detail && Object.keys(detail).length > 0 && { detail: shortened(detail) }),
    ...(origin && columnsOf(origin)),
  }
}

function columnsOf({ address, userAgent, requestId }: Origin) {
  return {
    address: toStorable(address, MAX_ADDRESS_LENGTH),
    userAgent: toStorable(userAgent, MAX_USER_AGENT_LENGTH),
    requestId,
  }
}

/** As the column takes it: what does not fit is left out by name. */
function shortened(detail: Detail): Prisma.InputJsonObject {
  const entries = Object.entries(detail)
  while (Buffer.byteLength(JSON.stringify(Object.fromEntries(entries))) > MAX_DETAIL_BYTES) {
    const last = entries.pop()
    entries.unshift([`${last?.[0]}`, 'too long to be kept'])
    if (entries.every(([, value]) => value === 'too long to be kept')) break
  }
  return Object.fromEntries(entries)
}

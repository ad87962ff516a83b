import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'
import { forRequest } from '../../logging/request-context.ts'
import type { AuditActor, Origin } from '../audit/events.ts'
import { NOBODY } from '../audit/events.ts'
import type { Actor } from './actor.ts'
import { clientAddressOf } from './client-address.ts'

const ID_BYTES = 10

/** Gives a request an id, by which its row in the audit log and its lines in the logs are found; its answer tells it, too. */
export const giveRequestId: RequestHandler = (request, response, next) => {
  const id = nameRequest(request)
  response.set('X-Request-Id', id)
  forRequest(id, next)
}

/** Whatever its sender called it. */
export function nameRequest({ headers }: IncomingMessage): string {
  const id = `req_${randomBytes(ID_BYTES).toString('hex')}`
  headers['x-request-id'] = id
  return id
}

/** Of a request whose address was settled and which was given an id. */
export function originOf({ headers }: Pick<IncomingMessage, 'headers'>): Origin {
  return {
    address: clientAddressOf({ headers }),
    userAgent: headers['user-agent'] ?? '',
    requestId: String(headers['x-request-id']),
  }
}

/** Whoever asks, as the audit log has them. */
export function auditActorOf(actor: Actor | null): AuditActor {
  if (!actor) return NOBODY
  if (actor.kind === 'session') return { kind: 'PERSON', id: actor.userId }
  return {
    kind: actor.isServiceAccount ? 'SERVICE_ACCOUNT' : 'API_KEY',
    id: actor.userId,
    key: { id: actor.apiKeyId, name: actor.keyName, teamId: actor.teamId },
  }
}

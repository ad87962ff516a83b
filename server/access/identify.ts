import type { IncomingHttpHeaders } from 'node:http'
import type { Database } from '../../prisma/client.ts'
import { AppError } from '../errors.ts'
import type { Actor } from './actor.ts'
import { findActorOfApiKey } from './api-keys.ts'
import type { Auth } from './auth.ts'
import { ROUTE_SCOPES, requireScope } from './scopes.ts'

/** Tells who asks, from a request whose address was settled. `authorization` is the header or, on a WebSocket, the connection's parameter of that name. */
export type Identify = (headers: IncomingHttpHeaders, authorization?: string) => Promise<Actor | null>

/**
 * @returns a function that gives the actor, or null where there is no sign of one;
 *   it throws AppError UNAUTHENTICATED where a key was sent that is not good
 */
export function createIdentify(database: Database, auth: Auth): Identify {
  return async (headers, authorization = headers.authorization) => {
    if (authorization !== undefined) return identifyByKey(database, authorization, headers)
    if (headers.cookie === undefined) return null
    const session = await auth.api.getSession({ headers: new Headers({ cookie: headers.cookie }) })
    if (!session) return null
    return { kind: 'session', userId: session.user.id, sessionId: session.session.id }
  }
}

/** Tells who asks at an address of its own, where a key needs a scope. */
export function identifyAt(identify: Identify, route: keyof typeof ROUTE_SCOPES): Identify {
  return async (headers, authorization) => {
    const actor = await identify(headers, authorization)
    requireScope(actor, ROUTE_SCOPES[route], route)
    return actor
  }
}

async function identifyByKey(
  database: Database,
  authorization: string,
  headers: IncomingHttpHeaders,
): Promise<Actor> {
  const [, key] = /^Bearer (\S{1,200})$/i.exec(authorization) ?? []
  const actor = key ? await findActorOfApiKey(database, key, headers) : null
  if (!actor) {
    throw new AppError(
      'UNAUTHENTICATED',
      'The API key is unknown, expired or revoked. Send `Authorization: Bearer sh_…` with a key that is good.',
    )
  }
  return actor
}

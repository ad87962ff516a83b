import { toNodeHandler } from 'better-auth/node'
import type { RequestHandler } from 'express'
import type { AuditAction } from '../../contract/audit/actions.ts'
import { signInActionOf } from '../audit/audited-sign-ins.ts'
import { type AuditedEvent, NOBODY, writeEvents } from '../audit/events.ts'
import type { Services } from '../services.ts'
import type { Auth } from './auth.ts'
import { originOf } from './request-origin.ts'
import { findByAddress, findByProof, findLinking } from './sign-in/tried-account.ts'

const PREFIX = '/api/auth'

/** Answers /api/auth, and tells the audit log who signed in, failed to, or changed an account, and from where. */
export function answerSignIns(
  { database, log }: Pick<Services, 'database' | 'log'>,
  auth: Auth,
): RequestHandler {
  return (request, response) => {
    const path = request.path.slice(PREFIX.length)
    const action = signInActionOf(path)
    if (!action) return toNodeHandler(auth)(request, response)
    const answer = async (web: Request) => {
      const before = await userOfSession(auth, request.headers.cookie)
      // Of a second factor better-auth asks whoever has a session first.
      const proven =
        before && path !== '/reset-password' ? before : await findByProof({ database, auth }, path, request)
      const linking = await findLinking(auth, path, request)
      const answered = await auth.handler(web)
      const tell = async () => {
        const byAddress = await findByAddress(database, path, request)
        const about = byAddress === undefined ? proven : byAddress
        const asked = {
          path,
          action: linking ? 'account.link' : action,
          before,
          about: linking ?? about,
        } as const
        const event = await describe(auth, asked, answered)
        // A stranger who follows a link that leads nowhere is not counted by rate-limit.ts.
        if (request.method === 'GET' && event.actor === NOBODY) return
        await writeEvents(database, [{ ...event, origin: originOf(request) }])
      }
      await tell().catch((error) => log.error({ err: error, action }, 'the audit log was not written'))
      return answered
    }
    return toNodeHandler(answer)(request, response)
  }
}

interface Asked {
  path: string
  action: AuditAction
  /** Whose session the request came with. */
  before: string | null
  /** Whose account it is about, unless it signs somebody in. */
  about: string | null
}

async function describe(
  auth: Auth,
  { path, action, before, about }: Asked,
  answered: Response,
): Promise<AuditedEvent> {
  const code = await refusalOf(answered)
  const outcome = code === null ? 'DONE' : answered.status >= 500 ? 'FAILED' : 'REFUSED'
  const cookies = answered.headers.getSetCookie().map((cookie) => cookie.split(';')[0])
  const signedIn = code === null ? await userOfSession(auth, cookies.join('; ')) : null
  const actor = signedIn ?? before
  const subject = signedIn ?? about
  const isHalf = path === '/sign-in/email' && code === null && signedIn === null
  return {
    action: isHalf ? 'account.sign-in-half' : action,
    actor: actor === null ? NOBODY : { kind: 'PERSON', id: actor },
    subject: subject === null ? null : { type: 'User', id: subject, name: null, path: null },
    outcome,
    code,
  }
}

/** Why it was refused, by better-auth's code; null where it was not. */
async function refusalOf(answered: Response): Promise<string | null> {
  const to = answered.headers.get('location')
  if (to !== null) return new URL(to, 'http://localhost').searchParams.get('error')?.slice(0, 64) ?? null
  if (answered.status < 400) return null
  const body = (await answered
    .clone()
    .json()
    .catch(() => null)) as { code?: unknown } | null
  return typeof body?.code === 'string' ? body.code.slice(0, 64) : String(answered.status)
}

async function userOfSession(auth: Auth, cookie: string | undefined): Promise<string | null> {
  if (!cookie) return null
  const session = await auth.api.getSession({ headers: new Headers({ cookie }) })
  return session?.user.id ?? null
}

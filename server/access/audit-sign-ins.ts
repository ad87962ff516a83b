import { toNodeHandler } from 'better-auth/node'
import type { Request as HttpRequest, RequestHandler } from 'express'
import { signInActionOf } from '../audit/audited-sign-ins.ts'
import { type AuditedEvent, NOBODY, writeEvents } from '../audit/events.ts'
import type { Services } from '../services.ts'
import type { Auth } from './auth.ts'
import { originOf } from './request-origin.ts'

const PREFIX = '/api/auth'
/** What a cookie's name is preceded by behind https. */
const TWO_FACTOR_COOKIE = /(?:^|; )(?:__Secure-)?studyhall\.two_factor=([^;.]+)/

/** Answers /api/auth, and tells the audit log who signed in, failed to, or changed an account, and from where. */
export function answerSignIns(
  { database, log }: Pick<Services, 'database' | 'log'>,
  auth: Auth,
): RequestHandler {
  return (request, response) => {
    const action = signInActionOf(request.path.slice(PREFIX.length))
    if (!action) return toNodeHandler(auth)(request, response)
    const answer = async (web: Request) => {
      const before = await userOfSession(auth, request.headers.cookie)
      const answered = await auth.handler(web)
      const event = await describe(auth, request, before, answered)
      // A stranger who follows a link that leads nowhere is not counted by rate-limit.ts.
      if (request.method === 'GET' && event.actor === NOBODY) return answered
      await writeEvents(database, [{ ...event, action, origin: originOf(request) }]).catch((error) =>
        log.error({ err: error, action, outcome: event.outcome }, 'the audit log was not written'),
      )
      return answered
    }
    return toNodeHandler(answer)(request, response)
  }
}

async function describe(
  auth: Auth,
  request: HttpRequest,
  before: string | null,
  answered: Response,
): Promise<Pick<AuditedEvent, 'actor' | 'subject' | 'outcome' | 'code'>> {
  const code = await refusalOf(answered)
  const outcome = code === null ? 'DONE' : answered.status >= 500 ? 'FAILED' : 'REFUSED'
  const cookies = answered.headers.getSetCookie().map((cookie) => cookie.split(';')[0])
  const signedIn = before ?? (code === null ? await userOfSession(auth, cookies.join('; ')) : null)
  const about = signedIn ?? (await userNamed(auth, request))
  return {
    actor: signedIn === null ? NOBODY : { kind: 'PERSON', id: signedIn },
    subject: about === null ? null : { type: 'User', id: about, name: null, path: null },
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

/** Whose account somebody tries to get into: an address that nobody has is not kept, for it may be a password. */
async function userNamed(auth: Auth, { body, headers }: HttpRequest): Promise<string | null> {
  const { internalAdapter } = await auth.$context
  if (typeof body?.email === 'string')
    return (await internalAdapter.findUserByEmail(body.email.toLowerCase()))?.user.id ?? null
  const [, first] = TWO_FACTOR_COOKIE.exec(headers.cookie ?? '') ?? []
  if (first === undefined) return null
  return (await internalAdapter.findVerificationValue(decodeURIComponent(first)))?.value ?? null
}

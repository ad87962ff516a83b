import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import type { Logger } from '../../logging/open-log.ts'
import type { Database } from '../../prisma/client.ts'
import type { ServerConfig } from '../config.ts'
import { accountHooks, refuseGuessable } from './account-rules.ts'
import { ownOrigins } from './own-origins.ts'
import { PASSWORD_LENGTHS } from './password-strength.ts'

/** Sign-up, sign-in and sessions, under /api/auth. */
export type Auth = ReturnType<typeof createAuth>

const SESSION_SECONDS = 60 * 60 * 24 * 30

interface AuthOptions {
  database: Database
  config: ServerConfig
  log: Logger
  /** Called with each new person before they are signed in. */
  onSignUp: (user: { id: string; name: string }) => Promise<unknown>
}

export function createAuth({ database, config, log, onSignUp }: AuthOptions) {
  return betterAuth({
    appName: 'Studyhall',
    baseURL: config.publicOrigin,
    basePath: '/api/auth',
    secret: config.authSecret,
    trustedOrigins: ownOrigins(config.publicOrigin),
    database: prismaAdapter(database, { provider: 'postgresql', transaction: true }),
    emailAndPassword: {
      enabled: true,
      minPasswordLength: PASSWORD_LENGTHS.min,
      maxPasswordLength: PASSWORD_LENGTHS.max,
      autoSignIn: true,
    },
    hooks: { before: refuseGuessable },
    session: { expiresIn: SESSION_SECONDS },
    // Our own limiter stands before it (rate-limit.ts): it also counts by account.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    advanced: {
      // Said aloud, because better-auth leaves both checks out where it believes to be tested.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      cookiePrefix: 'studyhall',
      useSecureCookies: config.publicOrigin.startsWith('https:'),
    },
    databaseHooks: {
      ...accountHooks,
      user: {
        ...accountHooks.user,
        create: { ...accountHooks.user.create, after: async (user) => void (await onSignUp(user)) },
      },
    },
    logger: {
      level: 'warn',
      log: (level, message, ...details) => {
        const err = details.find((detail) => detail instanceof Error)
        log[level === 'error' ? 'error' : 'warn']({ part: 'auth', err }, message)
      },
    },
  })
}

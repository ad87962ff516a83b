import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { createAuthMiddleware, isAPIError } from 'better-auth/api'
import { twoFactor } from 'better-auth/plugins'
import type { Logger } from '../../logging/open-log.ts'
import type { Database } from '../../prisma/client.ts'
import type { ServerConfig } from '../config.ts'
import type { Outbox } from '../mail/outbox.ts'
import { ADDRESS_CHECK_SECONDS, createAccountMails, RESET_SECONDS } from './account-mails.ts'
import { accountHooks, refuseGuessable } from './account-rules.ts'
import { requireOwnLink, requirePassword } from './address-change.ts'
import { endMailLinks, endResets, storeIdentifier } from './mail-links.ts'
import { ownOrigins } from './own-origins.ts'
import { PASSWORD_LENGTHS } from './password-strength.ts'
import type { FindInvitation } from './sign-in/admission.ts'
import { receiveNewPeople, refuseStrangers } from './sign-in/new-people.ts'
import { receiveSessions } from './sign-in/new-sessions.ts'
import { PROVIDER_ID, signInByProvider } from './sign-in/provider.ts'
import { keepRules } from './sign-in/rules.ts'
import { mailSignUpLinks } from './sign-in/sign-up-links.ts'
import { takeOver } from './sign-in/take-over.ts'

/** Sign-up, sign-in and sessions, under /api/auth. */
export type Auth = ReturnType<typeof createAuth>

const SESSION_SECONDS = 60 * 60 * 24 * 30

interface AuthOptions {
  database: Database
  config: ServerConfig
  log: Logger
  outbox: Outbox
  findInvitation: FindInvitation
  /** Called with each new person before they are signed in, and with the invitation by which alone they came in. */
  onSignUp: (user: { id: string; name: string }, invitation: string | null) => Promise<unknown>
}

export function createAuth({ database, config, log, outbox, findInvitation, onSignUp }: AuthOptions) {
  const mails = createAccountMails({ database, outbox, config })
  const settings = config.signIn
  const door = { database, settings, findInvitation }
  const newPeople = receiveNewPeople({ ...door, onSignUp })
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
      resetPasswordTokenExpiresIn: RESET_SECONDS,
      sendResetPassword: ({ user, token }) => mails.sendReset(user, token),
      revokeSessionsOnPasswordReset: true,
      onPasswordReset: async ({ user }) => {
        await endMailLinks(database, user.id)
        if (config.mail) await takeOver(database, user.id)
      },
    },
    emailVerification: {
      expiresIn: ADDRESS_CHECK_SECONDS,
      sendVerificationEmail: ({ user, url, token }) => mails.sendAddressCheck(user, url, token),
    },
    user: {
      changeEmail: { enabled: true },
      additionalFields: { timeZone: { type: 'string', required: false } },
    },
    // Comes with the mails above, is open to everybody, and nothing here waits for a verified address.
    // Of a provider no tokens are kept.
    disabledPaths: ['/send-verification-email', '/get-access-token', '/refresh-token', '/account-info'],
    verification: { storeIdentifier },
    account: {
      updateAccountOnSignIn: false,
      // An equal address links nothing, whoever says that it is verified: whoever has the account links it, signed in.
      accountLinking: {
        disableImplicitLinking: true,
        allowDifferentEmails: true,
        // Also where it says nothing of addresses: who links has shown their password.
        trustedProviders: [PROVIDER_ID],
      },
    },
    onAPIError: {
      errorURL: `${config.publicOrigin}/sign-in`,
      // What is refused was said to whoever asked, with their address in it; better-auth would print it.
      onError: (error) => {
        if (isAPIError(error) && error.statusCode < 500) return
        log.error({ part: 'auth', err: error }, 'a request about accounts failed')
      },
    },
    plugins: [
      twoFactor({ issuer: 'Studyhall', backupCodeOptions: { storeBackupCodes: 'encrypted' } }),
      mailSignUpLinks({ database, outbox, config, findInvitation }),
      ...(settings.provider ? [signInByProvider(settings.provider)] : []),
    ],
    hooks: {
      before: createAuthMiddleware(async (context) => {
        await keepRules(settings, context)
        await refuseStrangers(door, context)
        await refuseGuessable(context.body)
        if (context.path === '/change-email') await requirePassword(context)
        if (context.path === '/verify-email')
          await requireOwnLink(database, `${config.publicOrigin}/account`, context)
      }),
    },
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
      session: { create: receiveSessions(database) },
      account: {
        ...accountHooks.account,
        update: {
          after: async ({ userId }) => {
            // Of a reset better-auth hands on a mere count of rows: onPasswordReset ends the links then.
            if (userId) await endMailLinks(database, userId)
          },
        },
      },
      user: {
        ...accountHooks.user,
        create: newPeople,
        update: { ...accountHooks.user.update, after: (user) => endResets(database, user.id) },
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

import { type Logger, pino } from 'pino'
import { z } from 'zod'
import { currentRequestId } from './request-context.ts'

export type { Logger } from 'pino'

declare module 'pino' {
  namespace pino {
    interface LogFnFields {
      /**
       * Log a failure's cause as `err`: it is the only key that is serialized and printed on the terminal.
       */
      error?: never
    }
  }
}

export const LogLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
export type LogLevel = z.infer<typeof LogLevel>

const CENSOR = '[redacted]'

/** Keys whose values may be secret, at the top of a logged object or one level down. */
const SECRET_KEYS = ['authorization', 'cookie', 'set-cookie', 'password', 'secret', 'token', 'signature']

const SECRET_PATHS = [
  ...SECRET_KEYS.flatMap((key) => [`["${key}"]`, `*["${key}"]`, `*.headers["${key}"]`]),
  // ioredis attaches the rejected command to its error, and that may be AUTH with the password.
  'err.command.args',
]

/** PostgreSQL and Redis URLs may contain a password, and error messages repeat the URL. */
const PASSWORD_IN_URL = /(:\/\/[^\s:/@"]*:)[^\s/@"]*@/g

/** A process's logger: JSON lines on stdout, credentials redacted. */
export function openLog(process: 'server' | 'worker', level: LogLevel): Logger {
  return pino({
    level,
    base: { process },
    mixin: withRequestId,
    serializers: { err: pino.stdSerializers.err },
    redact: { paths: SECRET_PATHS, censor: CENSOR },
    hooks: { streamWrite: (line) => line.replace(PASSWORD_IN_URL, `$1${CENSOR}@`) },
  })
}

function withRequestId(): object {
  const requestId = currentRequestId()
  return requestId === undefined ? {} : { requestId }
}

import { type Logger, pino } from 'pino'
import { z } from 'zod'

export type { Logger } from 'pino'

declare module 'pino' {
  namespace pino {
    interface LogFnFields {
      /** The cause of a failure is logged as `err`, which is serialized and shown on the terminal; no other key is. */
      error?: never
    }
  }
}

export const LogLevel = z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
export type LogLevel = z.infer<typeof LogLevel>

const CENSOR = '[redacted]'

/** Where secrets could stand in a logged object: at the top or one level down. */
const SECRET_KEYS = ['authorization', 'cookie', 'set-cookie', 'password', 'secret', 'token', 'signature']

const SECRET_PATHS = [
  ...SECRET_KEYS.flatMap((key) => [`["${key}"]`, `*["${key}"]`, `*.headers["${key}"]`]),
  // ioredis hangs the refused command on its error, and that may be AUTH with the password.
  'err.command.args',
]

/** PostgreSQL's and Redis' addresses carry a password, and errors repeat the address. */
const PASSWORD_IN_URL = /(:\/\/[^\s:/@"]*:)[^\s/@"]*@/g

/** The log of a process: JSON lines on stdout, with credentials blotted out. */
export function openLog(process: 'server' | 'worker', level: LogLevel): Logger {
  return pino({
    level,
    base: { process },
    serializers: { err: pino.stdSerializers.err },
    redact: { paths: SECRET_PATHS, censor: CENSOR },
    hooks: { streamWrite: (line) => line.replace(PASSWORD_IN_URL, `$1${CENSOR}@`) },
  })
}

import { type Logger, pino } from 'pino'

export type { Logger } from 'pino'

/** Where secrets could stand in a logged object, at the top or one level down. */
const SECRET_KEYS = ['authorization', 'cookie', 'set-cookie', 'password', 'secret', 'token', 'signature']

/** The process's log: JSON lines on stdout, with credentials blotted out. */
export function openLog(level: string): Logger {
  const paths = SECRET_KEYS.flatMap((key) => [`["${key}"]`, `*["${key}"]`, `*.headers["${key}"]`])
  const serializers = { error: pino.stdSerializers.err }
  return pino({ level, base: { process: 'server' }, serializers, redact: { paths, censor: '[redacted]' } })
}

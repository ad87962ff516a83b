import { type Logger, pino } from 'pino'

export type { Logger } from 'pino'

/** The process's log: JSON lines on stdout. */
export function openLog(level: string): Logger {
  return pino({ level, base: { process: 'worker' } })
}

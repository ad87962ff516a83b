import type { LogLevel, LogSource, RunEventPayload } from './run-events.ts'
import { RUN_STATUS_WORDS, TRAINING_PHASE_WORDS } from './run-words.ts'

type PayloadOf<Kind extends RunEventPayload['kind']> = Extract<RunEventPayload, { kind: Kind }>

/** The events that appear in a run's log: log messages and status changes. */
export type LoggedEvent =
  | Pick<PayloadOf<'LOG'>, 'kind' | 'level' | 'source' | 'message'>
  | (Pick<PayloadOf<'STATUS'>, 'kind' | 'status' | 'phase'> & { failure: { message: string } | null })

export interface LogWording {
  level: LogLevel
  source: LogSource
  /** Contains no line break. */
  text: string
}

/**
 * Formats an event as a log line. Server and pages share it, so that a line reads the same live and after a
 * reload. The server's filter repeats the rules for level and source in SQL:
 * server/use-cases/runs/read-log.ts.
 */
export function wordLogLine(event: LoggedEvent): LogWording {
  if (event.kind === 'LOG') {
    const { level, source = 'TRAINING', message } = event
    // One event is one line, so that a message cannot forge lines of another source.
    return { level, source, text: joinLines(message) }
  }
  const { status, phase, failure } = event
  const words = RUN_STATUS_WORDS[status]
  const state = phase === null ? words : `${words}, ${TRAINING_PHASE_WORDS[phase].toLowerCase()}`
  if (failure) return { level: 'ERROR', source: 'WORKER', text: `${state}: ${failure.message}` }
  return { level: 'INFO', source: 'WORKER', text: state }
}

/** No pattern: one that takes the spaces around line breaks takes quadratic time over many spaces. */
function joinLines(message: string): string {
  if (!message.includes('\n')) return message
  return message
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ')
}

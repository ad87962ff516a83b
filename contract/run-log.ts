import type { LogLevel, LogSource, RunEventPayload } from './run-events.ts'
import { RUN_STATUS_WORDS, TRAINING_PHASE_WORDS } from './run-words.ts'

type PayloadOf<Kind extends RunEventPayload['kind']> = Extract<RunEventPayload, { kind: Kind }>

/** What a line of a run's log is made from: something that was said, or a change of the run's state. */
export type LoggedEvent =
  | Pick<PayloadOf<'LOG'>, 'kind' | 'level' | 'source' | 'message'>
  | (Pick<PayloadOf<'STATUS'>, 'kind' | 'status' | 'phase'> & { failure: { message: string } | null })

export interface LogWording {
  level: LogLevel
  source: LogSource
  /** Without a line break. */
  text: string
}

/**
 * An event as a line of the log. Server and pages both word their lines with it, so that one that comes live reads as it
 * does after a reload. The server's filter says the same of level and source in SQL: server/use-cases/runs/read-log.ts.
 */
export function wordLogLine(event: LoggedEvent): LogWording {
  if (event.kind === 'LOG') {
    const { level, source = 'TRAINING', message } = event
    // One event is one line: nobody can write what looks like a line of somebody else.
    return { level, source, text: message.replaceAll(/\s*\n\s*/g, ' ') }
  }
  const { status, phase, failure } = event
  const words = RUN_STATUS_WORDS[status]
  const state = phase === null ? words : `${words}, ${TRAINING_PHASE_WORDS[phase].toLowerCase()}`
  if (failure) return { level: 'ERROR', source: 'WORKER', text: `${state}: ${failure.message}` }
  return { level: 'INFO', source: 'WORKER', text: state }
}

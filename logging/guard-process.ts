import type { Logger } from './open-log.ts'

/**
 * Has an error that nobody caught logged with its cause. A promise's is one request's or one job's, and the process lives.
 * One thrown by a stream, a timer or a listener leaves behind it nobody knows what: the process ends what it has under way,
 * as when it is told to end, and whoever supervises it starts another.
 * @param drain  ends the process by itself, with the exit code that is set here
 */
export function guardProcess(log: Logger, drain: () => void): void {
  let isDraining = false
  process.on('unhandledRejection', (reason) => {
    log.error({ err: toError(reason) }, 'a promise failed, and nobody was there to hear of it')
  })
  process.on('uncaughtException', (error) => {
    log.fatal({ err: toError(error) }, 'an error that nobody caught; the process ends in order')
    process.exitCode = 1
    if (isDraining) return
    isDraining = true
    drain()
  })
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(`thrown: ${String(reason).slice(0, 1_000)}`)
}

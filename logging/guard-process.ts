import type { Logger } from './open-log.ts'

/**
 * Logs uncaught errors with their cause. An unhandled rejection affects a single request or job, so the
 * process continues. An exception thrown by a stream, timer or listener leaves unknown state behind, so the
 * process shuts down gracefully and its supervisor starts another.
 * @param drain  shuts the process down, which exits with the code set here
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

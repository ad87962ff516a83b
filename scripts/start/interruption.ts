/** A single Ctrl-C can arrive twice, from the terminal and from npm. */
const SAME_SIGNAL_MS = 500
const PARENT_POLL_MS = 1000
const EXIT_INTERRUPTED = 130

export type Interruption = ReturnType<typeof watchInterruption>

/**
 * A signal resolves a pending `wait`, or else stops everything and ends the process. The disappearance of npm
 * counts as a signal, because killing npm ends its shell but not this process.
 */
export function watchInterruption() {
  let wake: (() => void) | undefined
  let stop: () => Promise<void> = async () => {}
  let lastMs = Number.NEGATIVE_INFINITY
  const interrupt = () => {
    if (performance.now() - lastMs < SAME_SIGNAL_MS) return
    lastMs = performance.now()
    if (wake) {
      wake()
      wake = undefined
    } else void stop().finally(() => process.exit(EXIT_INTERRUPTED))
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)
  if (process.env.npm_lifecycle_event) {
    const parent = process.ppid
    setInterval(() => process.ppid !== parent && interrupt(), PARENT_POLL_MS).unref()
  }
  return {
    /** Resolves at the next signal. */
    wait: () =>
      new Promise<void>((resolve) => {
        wake = resolve
      }),
    /** The action for a signal that nothing waits for; called again for every further signal. */
    onUnawaited: (action: () => Promise<void>) => {
      stop = action
    },
  }
}

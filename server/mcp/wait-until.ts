import { setTimeout as sleep } from 'node:timers/promises'

const LOOK_EVERY_MS = 1_000

/**
 * Looks again and again until it is done or the time is over.
 * @returns what it saw last
 * @throws the signal's reason where whoever asked has gone, or may not look any longer
 */
export async function waitUntil<Value>(
  look: () => Promise<Value>,
  isDone: (value: Value) => boolean,
  { seconds, signal }: { seconds: number; signal: AbortSignal },
): Promise<Value> {
  const end = performance.now() + 1_000 * seconds
  for (;;) {
    signal.throwIfAborted()
    const value = await look()
    const leftMs = end - performance.now()
    if (isDone(value) || leftMs <= 0) return value
    await sleep(Math.min(LOOK_EVERY_MS, leftMs), undefined, { signal }).catch(() => {})
  }
}

import { setTimeout as sleep } from 'node:timers/promises'

/** Looks again and again until there is something to see; fails after `timeoutMs`. */
export async function waitUntil<Found>(
  what: string,
  look: () => Promise<Found | null | undefined | false>,
  timeoutMs = 60_000,
): Promise<Found> {
  const until = performance.now() + timeoutMs
  while (performance.now() < until) {
    const found = await look()
    if (found) return found
    await sleep(50)
  }
  throw new Error(`waited ${timeoutMs / 1000} s in vain until ${what}`)
}

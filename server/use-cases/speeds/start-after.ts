/** Seconds until each place of the workers is free; null where that is not known. */
export function placesIn(capacity: number, held: readonly (number | null)[]): (number | null)[] {
  const free = Array.from({ length: Math.max(0, capacity - held.length) }, () => 0)
  return [...free, ...held]
}

/**
 * Seconds until a run gets a place after others that take the first places that become free. Null where that depends on
 * something that is not known.
 */
export function startAfter(
  places: readonly (number | null)[],
  others: readonly (number | null)[],
): number | null {
  // What is not known may be anything: a place of which nothing is known counts as never free.
  const free = places.map((seconds) => seconds ?? Number.POSITIVE_INFINITY)
  for (const seconds of others) {
    const next = free.indexOf(Math.min(...free))
    free[next] = (free[next] ?? 0) + (seconds ?? Number.POSITIVE_INFINITY)
  }
  const start = Math.min(...free)
  return Number.isFinite(start) ? start : null
}

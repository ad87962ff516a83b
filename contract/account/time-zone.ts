/** Time zones by their names in the IANA database, `Europe/Berlin`. */

const LONGEST = 64

/** Offsets such as `+02:00` are none: they know no summer time, and not every browser knows them. */
export function isTimeZone(name: string): boolean {
  if (name.length > LONGEST || !/^[A-Za-z]/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0
  } catch {
    return false
  }
}

/** How far the clocks of a zone are ahead of UTC at a moment. */
function offsetMs(atMs: number, timeZone: string | undefined): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  }).formatToParts(atMs)
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value)
  const local = Date.UTC(
    ...([part('year'), part('month') - 1, part('day')] as const),
    ...([part('hour'), part('minute'), part('second')] as const),
  )
  return local - Math.floor(atMs / 1000) * 1000
}

/**
 * The first moment of a day in a zone; that of whoever runs this where none is given.
 * @param day  `2026-03-29`
 * @param daysLater  the first moment so many days after it
 */
export function startOfDay(day: string, timeZone: string | undefined, daysLater = 0): Date {
  const [year = Number.NaN, month = Number.NaN, date = Number.NaN] = day.split('-').map(Number)
  const wanted = Date.UTC(year, month - 1, date + daysLater)
  if (Number.isNaN(wanted)) return new Date(Number.NaN)
  const guess = wanted - offsetMs(wanted, timeZone)
  // The clocks may have been changed between the guess and the day's beginning.
  const start = wanted - offsetMs(guess, timeZone)
  // Where they go forward at midnight there is none: the day begins with the change.
  return new Date(start + Math.max(0, wanted - (start + offsetMs(start, timeZone))))
}

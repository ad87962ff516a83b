import { isTimeZone } from '../../contract/account/time-zone.ts'

let asked: string | null = null
let chosen: string | null = null

/** Has every time in the pages told in a person's own zone; null, or one that this browser does not know, for the browser's. */
export function setTimeZone(timeZone: string | null): void {
  // Called whenever a page is drawn.
  if (timeZone === asked) return
  asked = timeZone
  chosen = timeZone !== null && isTimeZone(timeZone) ? timeZone : null
}

/** As Intl takes it: undefined for that of the browser. */
export function timeZoneInUse(): string | undefined {
  return chosen ?? undefined
}

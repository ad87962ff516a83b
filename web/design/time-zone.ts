let chosen: string | null = null

/** Has every time in the pages told in a person's own zone; null for that of the browser. */
export function setTimeZone(timeZone: string | null): void {
  chosen = timeZone
}

/** As Intl takes it: undefined for that of the browser. */
export function timeZoneInUse(): string | undefined {
  return chosen ?? undefined
}

import { timeZoneInUse } from './time-zone.ts'

/** `8 s`, `2 min 05 s`, `1 h 04 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`
}

const STYLES = {
  instant: { dateStyle: 'medium', timeStyle: 'short' },
  date: { dateStyle: 'medium' },
  log: { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

export function formatInstant(iso: string): string {
  return format('instant', iso)
}

export function formatDate(iso: string): string {
  return format('date', iso)
}

/** To the second, for lines of a log: `27 Nov 21:04:05`. */
export function formatLogTime(iso: string): string {
  return format('log', iso).replace(',', '')
}

const formats = new Map<string, Intl.DateTimeFormat>()

function format(style: keyof typeof STYLES, iso: string): string {
  const timeZone = timeZoneInUse()
  const key = `${style} ${timeZone}`
  const known = formats.get(key) ?? new Intl.DateTimeFormat('en-GB', { ...STYLES[style], timeZone })
  formats.set(key, known)
  return known.format(new Date(iso))
}

/** `just now`, `5 min ago`, `3 h ago`, `yesterday`, then the date. */
export function formatAge(iso: string, nowMs = Date.now()): string {
  const seconds = (nowMs - Date.parse(iso)) / 1000
  if (seconds < 45) return 'just now'
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`
  if (seconds < 2 * 86_400) return 'yesterday'
  return formatDate(iso)
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}

import { formatCount } from '../design/format-numbers.ts'
import type { ChartUnit } from './chart-data.ts'

/** Seconds between ticks of a time axis. */
export const TIME_STEPS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400, 172_800,
  432_000, 864_000,
]

/** A position on an x axis in words; empty for halves of what is counted whole. */
export function formatX(x: number, unit: ChartUnit): string {
  if (unit === 'time') return formatClock(x)
  if (unit === 'epoch') return String(Number(x.toFixed(2)))
  // Of few steps the axis would count halves.
  return Number.isInteger(x) ? formatCount(x) : ''
}

/** `45 s`, `2:05 min`, `1:04 h`, short enough for an axis. */
function formatClock(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)}:${pad(whole % 60)} min`
  return `${Math.floor(whole / 3600)}:${pad(Math.floor((whole % 3600) / 60))} h`
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}

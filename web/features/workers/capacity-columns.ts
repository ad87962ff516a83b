import type { CapacityQuery } from '../../graphql/generated/operations.ts'

type Row = CapacityQuery['capacity'][number]

/** From the foot of a column upwards. */
export const STATES = ['busy', 'idle', 'drained', 'away'] as const
export type PlaceState = (typeof STATES)[number]
export const STATE_WORDS: Record<PlaceState, string> = {
  busy: 'Training',
  idle: 'Free',
  drained: 'Drained',
  away: 'Away',
}

/** One period of one kind of device; where it stands is 0, at the beginning, to 1, now. */
export interface Column {
  at: string
  from: number
  width: number
  parts: { state: PlaceState; below: number; places: number }[]
}

export interface DeviceColumns {
  device: Row['device']
  /** The most places that there were. */
  most: number
  columns: Column[]
}

const PERIODS = 96

/** Columns of the hours before a moment, for each kind of device that had any place. */
export function columnsOf(rows: readonly Row[], hours: number, nowMs: number): DeviceColumns[] {
  const beginMs = nowMs - hours * 3_600_000
  return (['CPU', 'GPU'] as const).flatMap((device) => {
    const own = rows.filter((row) => row.device === device)
    if (own.length === 0) return []
    const columns = own.map((row) => columnOf(row, beginMs, hours))
    const heights = own.map((row) => STATES.reduce((sum, state) => sum + row[state], 0))
    return [{ device, most: Math.max(1, Math.ceil(Math.max(...heights))), columns }]
  })
}

function columnOf(row: Row, beginMs: number, hours: number): Column {
  let below = 0
  const parts = STATES.map((state) => {
    const part = { state, below, places: row[state] }
    below += row[state]
    return part
  })
  const from = (Date.parse(row.at) - beginMs) / (hours * 3_600_000)
  return { at: row.at, from, width: 1 / PERIODS, parts: parts.filter(({ places }) => places > 0) }
}

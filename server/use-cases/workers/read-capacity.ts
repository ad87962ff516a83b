import type { Database } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { AppError } from '../../errors.ts'

const MOST_HOURS = 31 * 24
/** A chart has so many columns. */
const PERIODS = 96

/** Places of a kind of device during a period, on average. */
export interface Capacity {
  /** Its beginning. */
  at: Date
  device: 'CPU' | 'GPU'
  busy: number
  idle: number
  drained: number
  away: number
}

/**
 * How many places there were and what became of them, in 96 periods up to now; periods of which nothing is known are left
 * out. Who is not signed in is told nothing.
 * @throws AppError INVALID_INPUT
 */
export async function readCapacity(
  database: Database,
  actor: Actor | null,
  hours: number,
): Promise<Capacity[]> {
  if (hours < 1 || hours > MOST_HOURS)
    throw new AppError('INVALID_INPUT', `hours: 1 to ${MOST_HOURS}`, ['hours'])
  if (!actor) return []
  const seconds = (hours * 3_600) / PERIODS
  return database.$queryRaw<Capacity[]>`
    SELECT date_bin(make_interval(secs => ${seconds}), at, now()) AS at, device,
      avg(busy)::float8 AS busy, avg(idle)::float8 AS idle, avg(drained)::float8 AS drained, avg(away)::float8 AS away
    FROM "CapacitySample" WHERE at > now() - make_interval(hours => ${hours}::int)
    GROUP BY 1, 2 ORDER BY 1, 2`
}

import type { Database } from '../../../prisma/client.ts'
import { readPrices } from './device-prices.ts'

/** What a run has used of devices, in all its attempts. */
export interface RunCost {
  deviceHours: number
  /** By the prices of now; null where a device that it used has none, or they are in several currencies. */
  amount: number | null
  currency: string | null
}

type Row = { runId: string; device: 'CPU' | 'GPU' | null; hours: number }

/** Of some runs. One that goes on counts up to now, or to the end of its lease. @returns a function that tells it of each */
export async function readCosts(
  database: Database,
  runIds: readonly string[],
): Promise<(runId: string) => RunCost> {
  const [rows, prices] = await Promise.all([
    database.$queryRaw<Row[]>`
      SELECT attempt."runId", attempt.device, (sum(extract(epoch FROM COALESCE(attempt."endedAt",
        greatest(attempt."startedAt", least(now(), run."leaseUntil"))) - attempt."startedAt")) / 3600)::float8 AS hours
      FROM "RunAttempt" AS attempt JOIN "Run" AS run ON run.id = attempt."runId"
      WHERE attempt."runId" = ANY (${[...runIds]}) GROUP BY attempt."runId", attempt.device`,
    readPrices(database),
  ])
  const priceOf = new Map(prices.map((price) => [price.device as string | null, price]))
  return (runId) => {
    const used = rows.filter((row) => row.runId === runId)
    const deviceHours = used.reduce((sum, { hours }) => sum + hours, 0)
    const priced = used.flatMap(({ device, hours }) => {
      const price = priceOf.get(device)
      return price ? [{ currency: price.currency, amount: price.perHour * hours }] : []
    })
    const currencies = new Set(priced.map(({ currency }) => currency))
    const [currency] = currencies
    if (used.length === 0 || priced.length < used.length || currencies.size !== 1 || !currency)
      return { deviceHours, amount: null, currency: null }
    return { deviceHours, amount: priced.reduce((sum, { amount }) => sum + amount, 0), currency }
  }
}

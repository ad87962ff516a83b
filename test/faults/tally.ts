import { appendFileSync } from 'node:fs'
import { afterAll } from 'vitest'

/** The whole of `npm run test:faults`, or the short form that `npm test` has time for. */
export const isFull = process.env.STUDYHALL_FAULTS === 'full'

const rows = new Map<string, { tried: number; survived: number }>()

/** Counts a fault as tried, and as survived where what follows it goes well. */
export async function tally(fault: string, work: () => Promise<void>, times = 1): Promise<void> {
  const row = rows.get(fault) ?? { tried: 0, survived: 0 }
  rows.set(fault, row)
  row.tried += times
  await work()
  row.survived += times
}

/** Hands the counts to whoever prints the table of all files. */
export function tellTally(): void {
  afterAll(() => {
    const file = process.env.STUDYHALL_FAULT_TABLE
    if (!file) return
    for (const [fault, row] of rows) appendFileSync(file, `${JSON.stringify({ fault, ...row })}\n`)
  })
}

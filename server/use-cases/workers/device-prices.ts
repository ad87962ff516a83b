import { z } from 'zod'
import type { Database } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { requireAdministrator } from '../../access/administrator.ts'
import { inTransaction, noteDetail } from '../../audit/trail.ts'
import type { Services } from '../../services.ts'
import { parseInput } from '../parse-input.ts'

/** What an hour on a kind of device costs. */
export interface Price {
  device: 'CPU' | 'GPU'
  perHour: number
  currency: string
}

const Input = z
  .object({
    device: z.enum(['CPU', 'GPU']),
    perHour: z.number().min(0, 'at least 0').max(1_000_000, 'at most a million').nullish(),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'three capital letters, such as EUR')
      .nullish(),
  })
  .refine(({ perHour, currency }) => perHour == null || currency, {
    path: ['currency'],
    error: 'which currency the price is in',
  })

/** By kind of device; one without a price is left out. */
export async function readPrices(database: Database): Promise<Price[]> {
  const rows = await database.devicePrice.findMany({ orderBy: { device: 'asc' } })
  return rows.map(({ perHour, ...row }) => ({ ...row, perHour: perHour.toNumber() }))
}

/** Sets what an hour on a kind of device costs; null takes the price away. For whoever administers the instance. */
export async function setDevicePrice(
  { database }: Services,
  actor: Actor | null,
  input: z.input<typeof Input>,
): Promise<Price[]> {
  await requireAdministrator(database, actor)
  const { device, perHour, currency } = parseInput(Input, input)
  await inTransaction(database, async (tx) => {
    const before = await tx.devicePrice.findUnique({ where: { device } })
    if (perHour == null || !currency) await tx.devicePrice.deleteMany({ where: { device } })
    else {
      const price = { perHour, currency }
      await tx.devicePrice.upsert({ where: { device }, create: { device, ...price }, update: price })
    }
    const from = before && `${before.perHour} ${before.currency}`
    noteDetail({ perHour: { from, to: perHour == null ? null : `${perHour} ${currency}` } })
  })
  return readPrices(database)
}

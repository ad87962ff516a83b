import { z } from 'zod'
import type { Database, Transaction, Worker } from '../../../prisma/client.ts'
import { drain, resumeWorker as resume } from '../../../runs/drains.ts'
import { type Actor, requireActor } from '../../access/actor.ts'
import { requireAdministrator } from '../../access/administrator.ts'
import { inTransaction, noteSeen } from '../../audit/trail.ts'
import { notFound } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { parseInput } from '../parse-input.ts'
import { type ListedWorker, listAllWorkers } from './list-workers.ts'

const Input = z.object({
  workerName: z.string().max(300, 'a worker’s name has at most 300 characters'),
  handsBack: z.boolean().nullish(),
})

/**
 * Has a worker take nothing more, until it is resumed, also if it is started again; what it trains it finishes, or hands
 * back at the next checkpoint. For whoever administers the instance. Idempotent.
 */
export function drainWorker(
  { database }: Services,
  actor: Actor | null,
  input: z.input<typeof Input>,
): Promise<ListedWorker> {
  return changeWorker(database, actor, input, (tx, worker, handsBack) => drain(tx, worker, handsBack))
}

/** Has a drained worker take runs again. For whoever administers the instance. Idempotent. */
export function resumeWorker(
  { database }: Services,
  actor: Actor | null,
  input: { workerName: string },
): Promise<ListedWorker> {
  return changeWorker(database, actor, input, (tx, { name }) => resume(tx, name))
}

async function changeWorker(
  database: Database,
  actor: Actor | null,
  input: z.input<typeof Input>,
  change: (tx: Transaction, worker: Worker, handsBack: boolean) => Promise<void>,
): Promise<ListedWorker> {
  await requireAdministrator(database, actor)
  const { workerName, handsBack } = parseInput(Input, input)
  await inTransaction(database, async (tx) => {
    const worker = await tx.worker.findUnique({ where: { name: workerName } })
    if (!worker) throw notFound('worker', ['workerName'])
    noteSeen('Worker', worker)
    await change(tx, worker, handsBack ?? false)
  })
  const workers = await listAllWorkers(database, requireActor(actor))
  const changed = workers.find(({ name }) => name === workerName)
  if (!changed) throw notFound('worker', ['workerName'])
  return changed
}

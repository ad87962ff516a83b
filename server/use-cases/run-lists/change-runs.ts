import { z } from 'zod'
import { MAX_RUNS_AT_ONCE, MAX_TAGS, TAG_LENGTH } from '../../../contract/limits.ts'
import { isEnded } from '../../../contract/runs/run-states.ts'
import type { Database, Run, Transaction } from '../../../prisma/client.ts'
import { type LockedRun, lockRun } from '../../../runs/locked-run.ts'
import { cancel } from '../../../runs/transitions/index.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { nameUpTo, parseInput } from '../parse-input.ts'

const RunIds = z
  .array(z.string())
  .min(1, 'name at least one run')
  .max(MAX_RUNS_AT_ONCE, `at most ${MAX_RUNS_AT_ONCE} runs at once`)
  .transform((ids) => [...new Set(ids)])

/** A run's tags, each once, in the order in which they were given. */
export const Tags = z
  .array(nameUpTo(TAG_LENGTH))
  .max(MAX_TAGS, `at most ${MAX_TAGS} tags`)
  .transform((tags) => [...new Set(tags)])

/** Cancels those of the runs that have not ended. */
export async function cancelRuns(
  services: Services,
  actor: Actor | null,
  input: { runIds: readonly string[] },
): Promise<Run[]> {
  return changeEach(services, actor, input.runIds, async (tx, run) => {
    if (!isEnded(run.status)) await cancel(tx, run)
  })
}

/** Adds tags to runs and removes others; what a run already has, or has not, stays so. */
export async function tagRuns(
  services: Services,
  actor: Actor | null,
  input: { runIds: readonly string[]; add?: readonly string[] | null; remove?: readonly string[] | null },
): Promise<Run[]> {
  const add = parseInput(Tags, input.add ?? [], ['add'])
  const remove = parseInput(Tags, input.remove ?? [], ['remove'])
  return changeEach(services, actor, input.runIds, async (tx, { id }) => {
    const { number, tags } = await tx.run.findUniqueOrThrow({ where: { id } })
    const next = [...new Set([...tags.filter((tag) => !remove.includes(tag)), ...add])]
    if (next.length > MAX_TAGS) {
      throw new AppError(
        'LIMIT_EXCEEDED',
        `Run ${number} would have ${next.length} tags; ${MAX_TAGS} is most.`,
        ['add'],
      )
    }
    await tx.run.update({ where: { id }, data: { tags: next } })
  })
}

/** Takes runs that have ended out of the lists, or back into them. */
export async function archiveRuns(
  services: Services,
  actor: Actor | null,
  { runIds, archived }: { runIds: readonly string[]; archived: boolean },
): Promise<Run[]> {
  return changeEach(services, actor, runIds, async (tx, { id, status }) => {
    const { number, archivedAt } = await tx.run.findUniqueOrThrow({ where: { id } })
    if (archived && !isEnded(status))
      throw new AppError('CONFLICT', `Run ${number} has not ended. Cancel it before you archive it.`, [
        'runIds',
      ])
    if (archived === (archivedAt !== null)) return
    await tx.run.update({ where: { id }, data: { archivedAt: archived ? new Date() : null } })
  })
}

/** Changes runs of one team in one transaction: all of them or, where one cannot be, none. */
async function changeEach(
  { database }: Services,
  actor: Actor | null,
  wanted: readonly string[],
  change: (tx: Transaction, run: LockedRun) => Promise<void>,
): Promise<Run[]> {
  const ids = parseInput(RunIds, wanted, ['runIds'])
  await permitAll(database, actor, ids)
  return inTransaction(database, async (tx) => {
    // In one order, so that two requests for the same runs do not wait for each other.
    for (const id of [...ids].sort()) await change(tx, await lockRun(tx, id))
    return tx.run.findMany({ where: { id: { in: ids } }, orderBy: { number: 'desc' } })
  })
}

async function permitAll(database: Database, actor: Actor | null, ids: readonly string[]): Promise<void> {
  const [first = ''] = ids
  const { teamId } = await permit({ database, actor }, 'Run', first, 'MEMBER', 'runIds')
  const known = await database.run.count({ where: { teamId, id: { in: [...ids] } } })
  if (known < ids.length) throw notFound('run', ['runIds'])
}

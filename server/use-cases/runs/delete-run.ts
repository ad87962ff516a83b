import { isEnded } from '../../../contract/runs/run-states.ts'
import type { Database, Run, Transaction } from '../../../prisma/client.ts'
import { lockRun } from '../../../runs/locked-run.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { requireSpendable } from '../budgets/key-budget.ts'

/** Of a run with millions of points. */
const LONGEST_DELETION_MS = 60_000

/** What deleting a run would break. */
export interface RunDeletion {
  /** Why it cannot be deleted, and what to do first; null if it can. */
  refusal: string | null
  /** What is lost with it, in words. */
  losses: string[]
}

export async function readRunDeletion(database: Database | Transaction, run: Run): Promise<RunDeletion> {
  const where = { runId: run.id }
  const ofRun = { teamId: run.teamId, OR: [{ model: where }, { ensemble: where }] }
  const [models, aliases, taught, clones, forks, trials] = await Promise.all([
    database.model.count({ where }),
    database.modelAlias.findMany({ where: ofRun, orderBy: { name: 'asc' } }),
    database.student.findMany({ where: { finishedModel: where }, include: { cohort: true } }),
    database.run.count({ where: { clonedFromId: run.id } }),
    database.run.count({ where: { forkedFromId: run.id } }),
    database.experiment.findMany({ where: { trials: { some: where } }, orderBy: { number: 'asc' } }),
  ])
  const teaches = [...new Set(taught.map(({ cohort }) => `“${cohort.name}”`))]
  return {
    refusal: !isEnded(run.status)
      ? 'It has not ended. Cancel it first.'
      : teaches.length > 0
        ? `One of its students is the teacher of ${teaches.join(', ')}. Archive it instead.`
        : trials.length > 0
          ? `It is a trial of experiment ${trials.map(({ number }) => number).join(', ')}, whose results need it. Archive it instead.`
          : null,
    losses: [
      'its curves, log and evaluation',
      ...(models > 0 ? [`${models} trained students and their ensemble, with all files`] : []),
      ...aliases.map(({ name }) => `the alias “${name}”, by which programs may download a model`),
      ...(clones > 0
        ? [`the origin of ${clones === 1 ? 'a run that was' : `${clones} runs that were`} cloned from it`]
        : []),
      ...(forks > 0
        ? [
            `what ${forks === 1 ? 'a fork of it is' : `${forks} forks of it are`} compared with, but not what they went on from`,
          ]
        : []),
    ],
  }
}

/** Deletes a run that has ended, with its models. @throws AppError CONFLICT */
export async function deleteRun(
  { database }: Services,
  actor: Actor | null,
  { runId }: { runId: string },
): Promise<string> {
  const run = await permit({ database, actor }, 'Run', runId, 'MEMBER')
  await requireSpendable(database, actor, run, true)
  const remove = async (tx: Transaction) => {
    const { status } = await lockRun(tx, runId)
    const { refusal } = await readRunDeletion(tx, { ...run, status })
    if (refusal !== null)
      throw new AppError('CONFLICT', `Run ${run.number} cannot be deleted. ${refusal}`, ['runId'])
    await tx.run.updateMany({ where: { clonedFromId: runId }, data: { clonedFromId: null } })
    await tx.run.updateMany({ where: { forkedFromId: runId }, data: { forkedFromId: null } })
    await tx.run.delete({ where: { id: runId } })
  }
  await inTransaction(database, remove, { timeout: LONGEST_DELETION_MS })
  return runId
}

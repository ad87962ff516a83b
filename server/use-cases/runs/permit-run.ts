import type { Run, RunStatus, Transaction } from '../../../prisma/client.ts'
import { type Actor, requireActor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'

/**
 * Lets a member of the run's team change it.
 * @returns the run, and the id of who asks
 */
export async function permitRun(
  { database }: Services,
  actor: Actor | null,
  runId: string,
): Promise<{ run: Run; userId: string }> {
  const run = await permit({ database, actor }, 'Run', runId, 'MEMBER')
  return { run, userId: requireActor(actor).userId }
}

/** The run's row, locked: its status does not change before the transaction ends. */
export async function lockRun(tx: Transaction, runId: string): Promise<Run> {
  await tx.$queryRaw`SELECT id FROM "Run" WHERE id = ${runId} FOR UPDATE`
  return tx.run.findUniqueOrThrow({ where: { id: runId } })
}

const WORDS: Record<RunStatus, string> = {
  QUEUED: 'waits for a worker',
  STARTING: 'is being trained',
  RUNNING: 'is being trained',
  PAUSING: 'is about to pause',
  PAUSED: 'is paused',
  SUCCEEDED: 'has succeeded',
  FAILED: 'has failed',
  CANCELED: 'was canceled',
}

/** What was asked cannot be done in the run's state. */
export function conflict(status: RunStatus, advice: string): AppError {
  return new AppError('CONFLICT', `The run ${WORDS[status]}. ${advice}`, ['runId'])
}

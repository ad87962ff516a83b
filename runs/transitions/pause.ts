import type { PauseReason, Transaction } from '../../prisma/client.ts'
import type { LockedRun } from '../locked-run.ts'
import { notifyRunControl } from '../notifications.ts'
import { enterStatus } from './enter-status.ts'

/**
 * Pauses a run: immediately if it is queued, after a checkpoint if a worker is training
 * it. Idempotent. A run that was paused because a disk was full will no longer resume by itself.
 * @param reason  who asked: a person, or the team's limit
 */
export async function pause(
  tx: Transaction,
  run: LockedRun,
  reason: 'ASKED' | 'QUOTA' = 'ASKED',
): Promise<void> {
  const { id, status, phase, pauseReason } = run
  if (status === 'QUEUED' || (status === 'PAUSED' && pauseReason === 'DISK_FULL')) {
    await enterPaused(tx, run, reason)
  } else if (status === 'STARTING' || status === 'RUNNING') {
    await enterStatus(tx, run, { status: 'PAUSING', phase, pauseReason: reason })
    await notifyRunControl(tx, id)
  }
}

/** @param retryInSeconds  when it is retried automatically; null for never */
export async function enterPaused(
  tx: Transaction,
  run: LockedRun,
  pauseReason: PauseReason,
  retryInSeconds: number | null = null,
): Promise<void> {
  await enterStatus(tx, run, { status: 'PAUSED', pauseReason, retryInSeconds })
}

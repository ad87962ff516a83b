import type { PauseReason, Transaction } from '../../prisma/client.ts'
import type { LockedRun } from '../locked-run.ts'
import { notifyRunControl } from '../notifications.ts'
import { enterStatus } from './enter-status.ts'

/**
 * Has a run pause because somebody asked: at once where it waits, after a checkpoint where a worker trains it. To ask
 * again changes nothing; one that paused for want of room does not go on by itself any more.
 */
export async function pause(tx: Transaction, run: LockedRun): Promise<void> {
  const { id, status, phase, pauseReason } = run
  if (status === 'QUEUED' || (status === 'PAUSED' && pauseReason === 'DISK_FULL')) {
    await enterPaused(tx, run, 'ASKED')
  } else if (status === 'STARTING' || status === 'RUNNING') {
    await enterStatus(tx, run, { status: 'PAUSING', phase })
    await notifyRunControl(tx, id)
  }
}

/** @param retryInSeconds  when it is tried again by itself; null for never */
export async function enterPaused(
  tx: Transaction,
  run: LockedRun,
  pauseReason: PauseReason,
  retryInSeconds: number | null = null,
): Promise<void> {
  await enterStatus(tx, run, { status: 'PAUSED', pauseReason, retryInSeconds })
}

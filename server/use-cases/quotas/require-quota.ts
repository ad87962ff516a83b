import type { Transaction } from '../../../prisma/client.ts'
import { readMonthHours } from '../../../runs/quotas/device-hours.ts'
import { AppError } from '../../errors.ts'
import { readStoredBytes } from './read-stored-bytes.ts'

const WHO = 'Whoever administers this instance can give the team more.'

/**
 * Refuses what would store more than a team may. Under the team's lock, so that no two share the last place.
 * @param more  bytes that are about to come; 0 where nobody can tell, which is refused once there is no room left
 * @throws AppError LIMIT_EXCEEDED with both figures
 */
export async function requireRoomToStore(
  tx: Pick<Transaction, '$queryRaw' | 'teamQuota'>,
  teamId: string,
  more: number,
  path: string[] = [],
): Promise<void> {
  const limits = await tx.teamQuota.findUnique({ where: { teamId } })
  if (limits?.storedBytesHard == null) return
  const hard = Number(limits.storedBytesHard)
  const stored = Number((await readStoredBytes(tx, teamId)).total)
  if (more === 0 ? stored < hard : stored + more <= hard) return
  const what = more === 0 ? 'Nothing more fits' : `${gibibytes(more)} GiB more do not fit`
  throw new AppError(
    'LIMIT_EXCEEDED',
    `The team stores ${gibibytes(stored)} of ${gibibytes(hard)} GiB in uploads, datasets, checkpoints and models. ${what}: delete datasets or runs that are not needed. ${WHO}`,
    path,
  )
}

/** @throws AppError LIMIT_EXCEEDED with both figures, where the month's device hours are used up */
export async function requireDeviceHours(
  tx: Pick<Transaction, '$queryRaw' | 'teamQuota'>,
  teamId: string,
): Promise<void> {
  const limits = await tx.teamQuota.findUnique({ where: { teamId } })
  if (limits?.deviceHoursHard == null) return
  const used = (await readMonthHours(tx, [teamId])).get(teamId) ?? 0
  if (used < limits.deviceHoursHard) return
  throw new AppError(
    'LIMIT_EXCEEDED',
    `The team has used ${used.toFixed(1)} of ${limits.deviceHoursHard.toFixed(1)} device hours of this month. Runs go on when the next one begins. ${WHO}`,
  )
}

function gibibytes(bytes: number): string {
  return (bytes / 1024 ** 3).toFixed(2)
}

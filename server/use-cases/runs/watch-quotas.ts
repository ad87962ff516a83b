import { newId } from '../../../contract/ids.ts'
import type { TeamEventData } from '../../../contract/notices/team-event-data.ts'
import type { Database, TeamQuota } from '../../../prisma/client.ts'
import { readMonthHours } from '../../../runs/quotas/device-hours.ts'
import { pause } from '../../../runs/transitions/index.ts'
import { SYSTEM, writeEvents } from '../../audit/events.ts'
import { subjectOf } from '../../audit/subjects.ts'
import { repeatQuietly } from '../../repeat.ts'
import type { Services } from '../../services.ts'
import { readStoredBytes } from '../quotas/read-stored-bytes.ts'
import { changeRun } from './change-run.ts'

const LOOK_EVERY_MS = 30_000

/** Looks every 30 s which teams have passed a limit. @returns what ends it */
export function watchQuotas(services: Services): () => void {
  return repeatQuietly(
    LOOK_EVERY_MS,
    () => lookOnce(services),
    (error) => services.log.warn({ err: error }, 'looking at limits failed'),
  )
}

/** Pauses what runs of teams whose device hours are used up, and lets their queues go on once they are not. */
export async function lookOnce({ database }: Pick<Services, 'database'>, now = new Date()): Promise<void> {
  const quotas = await database.teamQuota.findMany()
  if (quotas.length === 0) return
  const hours = await readMonthHours(
    database,
    quotas.map(({ teamId }) => teamId),
    now,
  )
  const failures: unknown[] = []
  for (const quota of quotas) {
    const used = hours.get(quota.teamId) ?? 0
    // One team's fault keeps no other from its limits.
    await enforceHours(database, quota, used)
      .then(() => tellSoft(database, quota, used))
      .catch((error) => failures.push(error))
  }
  if (failures.length > 0) throw failures[0]
}

async function enforceHours(database: Database, { teamId, deviceHoursHard }: TeamQuota, used: number) {
  const isSpent = deviceHoursHard !== null && used >= deviceHoursHard
  const team = await database.team.findUnique({ where: { id: teamId } })
  if (!team) return
  // The mark first: no worker claims another run while those that run are paused.
  if (team.deviceHoursSpent !== isSpent)
    await database.team.update({ where: { id: teamId }, data: { deviceHoursSpent: isSpent } })
  if (!isSpent) return
  const running = await database.run.findMany({ where: { teamId, status: { in: ['STARTING', 'RUNNING'] } } })
  for (const { id } of running) {
    const detail = { deviceHours: Number(used.toFixed(2)), limit: deviceHoursHard }
    // Another server may have been faster.
    let isPausedHere = false
    const paused = await changeRun(database, id, async (tx, run) => {
      if (run.status !== 'STARTING' && run.status !== 'RUNNING') return
      await pause(tx, run, 'QUOTA')
      isPausedHere = true
    })
    if (!isPausedHere) continue
    await writeEvents(database, [
      { actor: SYSTEM, action: 'run.pause', teamId, subject: subjectOf('Run', paused), detail },
    ])
  }
}

/** Once, until it is below again, however many servers look. */
async function tellSoft(database: Database, quota: TeamQuota, hours: number): Promise<void> {
  const { teamId, storedBytesSoft } = quota
  const stored = storedBytesSoft === null ? 0 : Number((await readStoredBytes(database, teamId)).total)
  const near: TeamEventData<'LIMIT_NEAR'>[] = [
    ...isNear('STORED_BYTES', stored, quota.storedBytesSoft, quota.storedBytesHard),
    ...isNear('DEVICE_HOURS', hours, quota.deviceHoursSoft, quota.deviceHoursHard),
  ]
  const toldKinds = near.map(({ limit }) => limit)
  if (toldKinds.join() === quota.toldKinds.join()) return
  await database.$transaction(async (tx) => {
    const asSeen = { teamId, toldKinds: { equals: quota.toldKinds } }
    const { count } = await tx.teamQuota.updateMany({ where: asSeen, data: { toldKinds } })
    if (count === 0) return
    const untold = near.filter(({ limit }) => !quota.toldKinds.includes(limit))
    await tx.teamEvent.createMany({
      data: untold.map((data) => ({ id: newId('TeamEvent'), teamId, kind: 'LIMIT_NEAR', data })),
    })
  })
}

function isNear(
  limit: TeamEventData<'LIMIT_NEAR'>['limit'],
  used: number,
  soft: bigint | number | null,
  hard: bigint | number | null,
): TeamEventData<'LIMIT_NEAR'>[] {
  if (soft === null || used < Number(soft)) return []
  return [{ limit, used, soft: Number(soft), hard: hard === null ? null : Number(hard) }]
}

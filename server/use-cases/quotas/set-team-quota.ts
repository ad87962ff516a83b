import { z } from 'zod'
import type { Team, Transaction } from '../../../prisma/client.ts'
import { type Actor, requirePerson } from '../../access/actor.ts'
import { isAdministrator } from '../../access/administrator.ts'
import { permit } from '../../access/permit.ts'
import { noteDetail, noteSeen } from '../../audit/trail.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { parseInput } from '../parse-input.ts'
import { withLockedRow } from '../with-locked-row.ts'

const Bytes = z
  .number()
  .int('whole bytes')
  .min(0, 'at least 0')
  .max(2 ** 50, 'at most a pebibyte')
const Hours = z.number().min(0, 'at least 0').max(1_000_000, 'at most a million hours')
const Input = z
  .object({
    storedBytesSoft: Bytes.nullish(),
    storedBytesHard: Bytes.nullish(),
    deviceHoursSoft: Hours.nullish(),
    deviceHoursHard: Hours.nullish(),
    runsAtOnce: z.int().min(0, 'at least 0').max(1_000, 'at most 1,000').nullish(),
    queuedRuns: z.int().min(0, 'at least 0').max(100_000, 'at most 100,000').nullish(),
    uploadedBytes: Bytes.nullish(),
  })
  .refine(isOrdered('storedBytes'), { path: ['storedBytesSoft'], error: 'at most the hard limit' })
  .refine(isOrdered('deviceHours'), { path: ['deviceHoursSoft'], error: 'at most the hard limit' })

function isOrdered(kind: 'storedBytes' | 'deviceHours') {
  return (input: Record<string, number | null | undefined>) =>
    (input[`${kind}Soft`] ?? 0) <= (input[`${kind}Hard`] ?? Number.POSITIVE_INFINITY)
}

/** Sets a team’s limits; what is left out stays, and null takes a limit away. For whoever administers the instance. */
export async function setTeamQuota(
  { database }: Services,
  actor: Actor | null,
  { teamId, ...input }: { teamId: string } & z.input<typeof Input>,
): Promise<Team> {
  await requireTeamToLimit(database, actor, teamId)
  const limits = parseInput(Input, input)
  return withLockedRow(database, 'Team', teamId, async (tx) => {
    const { runsAtOnce, queuedRuns, uploadedBytes, ...others } = limits
    const before = await tx.team.findUniqueOrThrow({ where: { id: teamId } })
    const quotaBefore = await tx.teamQuota.findUnique({ where: { teamId } })
    const given = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined))
    await tx.teamQuota.upsert({ where: { teamId }, create: { teamId, ...given }, update: given })
    noteDetail(changesOf({ ...before, ...quotaBefore }, limits))
    return tx.team.update({
      where: { id: teamId },
      data: columnsOf({ runsAtOnce, queuedRuns, uploadedBytes }),
    })
  })
}

async function requireTeamToLimit(
  database: Services['database'],
  actor: Actor | null,
  teamId: string,
): Promise<void> {
  if (await isAdministrator(database, actor)) {
    const team = await database.team.findUnique({ where: { id: teamId } })
    if (!team) throw notFound('team', ['teamId'])
    return noteSeen('Team', team)
  }
  await permit({ database, actor }, 'Team', teamId, 'VIEWER')
  requirePerson(actor)
  throw new AppError('FORBIDDEN', 'A team’s limits are set by whoever administers this instance.')
}

type TeamLimits = Pick<z.output<typeof Input>, 'runsAtOnce' | 'queuedRuns' | 'uploadedBytes'>

function columnsOf({ runsAtOnce, queuedRuns, uploadedBytes }: TeamLimits) {
  return {
    maxRunningRuns: runsAtOnce ?? undefined,
    maxQueuedRuns: queuedRuns ?? undefined,
    uploadQuotaBytes: uploadedBytes == null ? undefined : BigInt(uploadedBytes),
  } satisfies Parameters<Transaction['team']['update']>[0]['data']
}

const COLUMNS: Record<string, string> = {
  runsAtOnce: 'maxRunningRuns',
  queuedRuns: 'maxQueuedRuns',
  uploadedBytes: 'uploadQuotaBytes',
}

function changesOf(before: Record<string, unknown>, limits: z.output<typeof Input>) {
  const changed = Object.entries(limits).filter(([, to]) => to !== undefined)
  return Object.fromEntries(
    changed.map(([name, to]) => {
      const from = before[COLUMNS[name] ?? name] ?? null
      return [name, { from: from === null ? null : Number(from), to: to ?? null }]
    }),
  )
}

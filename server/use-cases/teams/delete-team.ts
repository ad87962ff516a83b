import { TEAM_GRACE_HOURS } from '../../../contract/limits.ts'
import { isEnded, RUN_STATUSES } from '../../../contract/runs/run-states.ts'
import type { Database, Team } from '../../../prisma/client.ts'
import { cancel } from '../../../runs/transitions/index.ts'
import { type Actor, requirePerson } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { AppError } from '../../errors.ts'
import { writeTeamDeletion } from '../../mail/letters.ts'
import type { Services } from '../../services.ts'
import { changeRun } from '../runs/change-run.ts'
import { withLockedRow } from '../with-locked-row.ts'

const ENDED = RUN_STATUSES.filter(isEnded)
const HOUR_MS = 60 * 60 * 1000

/**
 * Has a team deleted in a day. Until then it can be looked at and kept; its runs end now, and its owners get a mail.
 * @param slug  the team's address, typed by whoever means this
 */
export async function deleteTeam(
  { database, outbox, config }: Services,
  actor: Actor | null,
  { teamId, slug }: { teamId: string; slug: string },
): Promise<Team> {
  const team = await permit({ database, actor }, 'Team', teamId, 'OWNER')
  const { userId } = requirePerson(actor)
  if (slug !== team.slug)
    throw new AppError('INVALID_INPUT', `slug: type the team’s address, ${team.slug}, to delete it`, ['slug'])
  const deletionDueAt = new Date(Date.now() + TEAM_GRACE_HOURS * HOUR_MS)
  const deleted = await withLockedRow(database, 'Team', teamId, async (tx) => {
    const marked = await tx.team.update({ where: { id: teamId }, data: { deletionDueAt } })
    await tx.experiment.updateMany({ where: openIn(teamId), data: { canceledAt: new Date() } })
    const by = await tx.user.findUniqueOrThrow({ where: { id: userId } })
    const url = `${config.publicOrigin}/${team.slug}/settings`
    const facts = { team: team.name, by: by.name, url, expiresAt: deletionDueAt }
    const owners = await tx.user.findMany({ where: { members: { some: { teamId, role: 'OWNER' } } } })
    for (const { email, timeZone } of owners)
      await outbox.post(tx, email, writeTeamDeletion({ ...facts, timeZone }))
    return marked
  })
  await cancelRuns(database, teamId)
  return deleted
}

/** Those that have ended stay as they ended, for whoever keeps the team after all. */
function openIn(teamId: string) {
  return {
    teamId,
    canceledAt: null,
    decidedAt: null,
    runs: { some: { status: { notIn: ENDED } } },
  }
}

/** One by one and without the team's lock: a worker that claims a run takes the run's lock first, and then the team's. */
export async function cancelRuns(database: Database, teamId: string): Promise<void> {
  const runs = await database.run.findMany({
    where: { teamId, status: { notIn: ENDED } },
  })
  for (const { id } of runs)
    await changeRun(database, id, async (tx, run) => {
      if (!isEnded(run.status)) await cancel(tx, run)
    })
}

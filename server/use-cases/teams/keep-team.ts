import type { Team } from '../../../prisma/client.ts'
import { type Actor, mayActAs, requirePerson, roleIn } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { withLockedRow } from '../with-locked-row.ts'

/** Undoes deleteTeam as long as the team is there. A team that is not to be deleted stays as it is. */
export async function keepTeam(
  { database }: Services,
  actor: Actor | null,
  { teamId }: { teamId: string },
): Promise<Team> {
  // As a VIEWER, because nothing more is permitted of a team that is to be deleted.
  await permit({ database, actor }, 'Team', teamId, 'VIEWER')
  requirePerson(actor)
  const role = await roleIn(database, actor, teamId)
  if (!role || !mayActAs(role, 'OWNER'))
    throw new AppError('FORBIDDEN', `A ${role} may not do this; it takes a team’s OWNER.`)
  return withLockedRow(database, 'Team', teamId, async (tx) => {
    const { count } = await tx.team.updateMany({ where: { id: teamId }, data: { deletionDueAt: null } })
    if (count === 0) throw notFound('team', ['teamId'])
    return tx.team.findUniqueOrThrow({ where: { id: teamId } })
  })
}

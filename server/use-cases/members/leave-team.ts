import { type Actor, requirePerson } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { notFound } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { withLockedRow } from '../with-locked-row.ts'
import { endMembership } from './member-change.ts'

/** Ends one's own membership; the only owner of a team cannot leave it. @returns the membership's id */
export async function leaveTeam(
  { database }: Services,
  actor: Actor | null,
  { teamId }: { teamId: string },
): Promise<string> {
  await permit({ database, actor }, 'Team', teamId, 'VIEWER')
  const { userId } = requirePerson(actor)
  return withLockedRow(database, 'Team', teamId, async (tx) => {
    const member = await tx.member.findUnique({ where: { teamId_userId: { teamId, userId } } })
    if (!member) throw notFound('team', ['teamId'])
    await endMembership(tx, member)
    return member.id
  })
}

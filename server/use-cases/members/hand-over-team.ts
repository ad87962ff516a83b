import type { Team } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { noteDetail } from '../../audit/trail.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { changeMember } from './member-change.ts'

/** Makes another member an owner in one's own place; one stays as an ADMIN. */
export function handOverTeam(
  services: Services,
  actor: Actor | null,
  { memberId }: { memberId: string },
): Promise<Team> {
  return changeMember(services, actor, memberId, async ({ tx, own, member }) => {
    if (own.role !== 'OWNER')
      throw new AppError('FORBIDDEN', `A ${own.role} may not do this; it takes a team’s OWNER.`)
    if (own.id === member.id) throw new AppError('CONFLICT', 'The team is yours already.', ['memberId'])
    noteDetail({ role: { from: member.role, to: 'OWNER' } })
    await tx.member.update({ where: { id: member.id }, data: { role: 'OWNER' } })
    await tx.member.update({ where: { id: own.id }, data: { role: 'ADMIN' } })
    return tx.team.findUniqueOrThrow({ where: { id: own.teamId } })
  })
}

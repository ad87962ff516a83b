import type { Member, Role } from '../../../prisma/client.ts'
import { type Actor, mayActAs } from '../../access/actor.ts'
import { noteDetail } from '../../audit/trail.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { article, changeMember, endHandedOut, endSeenKeys, requireOtherOwner } from './member-change.ts'

/** Gives a member another role, one's own at most; what it does not let them hand out is revoked. */
export function changeMemberRole(
  services: Services,
  actor: Actor | null,
  { memberId, role }: { memberId: string; role: Role },
): Promise<Member> {
  return changeMember(services, actor, memberId, async ({ tx, own, member }) => {
    if (!mayActAs(own.role, role))
      throw new AppError('FORBIDDEN', `A ${own.role} makes nobody ${article(role)}.`, ['role'])
    if (role !== 'OWNER') await requireOtherOwner(tx, member)
    await endHandedOut(tx, member, role)
    if (!mayActAs(role, 'ADMIN')) await endSeenKeys(tx, member)
    noteDetail({ role: { from: member.role, to: role } })
    return tx.member.update({ where: { id: memberId }, data: { role } })
  })
}

import type { Member, Role, Transaction } from '../../../prisma/client.ts'
import { type Actor, mayActAs, requireActor, roleOf } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { withLockedRow } from '../with-locked-row.ts'

interface MemberChange {
  tx: Transaction
  /** Who changes, and who is changed, as they are now. */
  own: Member
  member: Member
}

/**
 * Changes a membership while no other one of the team changes: both roles are read again once the team is locked.
 * Nobody changes whoever stands above them.
 */
export async function changeMember<Result>(
  { database }: Services,
  actor: Actor | null,
  memberId: string,
  change: (change: MemberChange) => Promise<Result>,
): Promise<Result> {
  const { teamId } = await permit({ database, actor }, 'Member', memberId, 'ADMIN')
  const present = requireActor(actor)
  const { userId } = present
  return withLockedRow(database, 'Team', teamId, async (tx) => {
    const membership = await tx.member.findUnique({ where: { teamId_userId: { teamId, userId } } })
    const own = membership && { ...membership, role: roleOf(present, membership) }
    const member = await tx.member.findUnique({ where: { id: memberId } })
    if (!own || !member) throw notFound('member', ['memberId'])
    if (!mayActAs(own.role, 'ADMIN') || !mayActAs(own.role, member.role))
      throw new AppError('FORBIDDEN', `A ${own.role} does not change ${article(member.role)}.`, ['memberId'])
    return change({ tx, own, member })
  })
}

export function article(role: string): string {
  return /^[AO]/.test(role) ? `an ${role}` : `a ${role}`
}

/** @throws AppError CONFLICT where nobody else owns the team */
export async function requireOtherOwner(tx: Transaction, { teamId, id, role }: Member): Promise<void> {
  if (role !== 'OWNER') return
  if ((await tx.member.count({ where: { teamId, role: 'OWNER', NOT: { id } } })) > 0) return
  throw new AppError(
    'CONFLICT',
    'A team always has an owner. Hand it over to somebody else first, or delete the team.',
  )
}

/** Deletes a membership; what the person has handed out in the team ends with it, and for good. */
export async function endMembership(tx: Transaction, member: Member): Promise<void> {
  await requireOtherOwner(tx, member)
  await tx.member.delete({ where: { id: member.id } })
  const { teamId, userId } = member
  const revoked = { data: { revokedAt: new Date() } }
  await tx.apiKey.updateMany({ where: { teamId, userId, revokedAt: null }, ...revoked })
  await endHandedOut(tx, member, null)
}

/**
 * Revokes the links and invitations that somebody has handed out and may not hand out in their new role, so that an old
 * role that comes back brings nothing with it.
 */
export async function endHandedOut(tx: Transaction, member: Member, role: Role | null): Promise<void> {
  const { teamId, userId: createdById } = member
  const open = { where: { teamId, createdById, revokedAt: null }, data: { revokedAt: new Date() } }
  if (role === null || !mayActAs(role, 'MEMBER')) await tx.shareLink.updateMany(open)
  if (role === null || !mayActAs(role, 'ADMIN')) await tx.invitation.updateMany(open)
}

/** Revokes the keys of service accounts that an admin has made and so has seen, where others end that they are one. */
export async function endSeenKeys(tx: Transaction, { teamId, userId }: Member): Promise<void> {
  const where = { teamId, createdById: userId, NOT: { userId }, revokedAt: null }
  await tx.apiKey.updateMany({ where, data: { revokedAt: new Date() } })
}

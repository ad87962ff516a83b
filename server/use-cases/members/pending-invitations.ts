import type { Database, Invitation, Prisma, Transaction } from '../../../prisma/client.ts'
import { type Actor, mayActAs, roleIn } from '../../access/actor.ts'

/** Of invitations that can still be accepted. */
export function isPending(database: Pick<Transaction, 'invitation'>): Prisma.InvitationWhereInput {
  const uses = { lt: database.invitation.fields.maxUses }
  return { revokedAt: null, expiresAt: { gt: new Date() }, uses }
}

/** A team's open invitations, the newest first; none for whoever may not manage them. */
export async function readInvitations(
  database: Database,
  actor: Actor | null,
  teamId: string,
): Promise<Invitation[]> {
  const role = await roleIn(database, actor, teamId)
  if (!role || !mayActAs(role, 'ADMIN')) return []
  return database.invitation.findMany({ where: { teamId, ...isPending(database) }, orderBy: { id: 'desc' } })
}

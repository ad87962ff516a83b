import type { Database, Invitation, Team, Transaction, User } from '../../../prisma/client.ts'
import { type Actor, mayActAs } from '../../access/actor.ts'
import { hashLinkToken } from '../../access/link-tokens.ts'
import { isPending } from './pending-invitations.ts'

export type OpenInvitation = Invitation & { team: Team; createdBy: User }

/** What an invitation tells whoever has its link. */
export interface InvitationPreview {
  teamName: string
  role: Invitation['role']
  email: string | null
  invitedBy: string
  expiresAt: Date
  isMember: boolean
}

/**
 * The invitation that a token is of; null where it is used up, revoked or over, where its team is about to be deleted, or
 * where whoever made it may no longer invite in this role.
 */
export async function findInvitation(
  database: Database | Transaction,
  token: string,
): Promise<OpenInvitation | null> {
  const hash = hashLinkToken(token)
  if (!hash) return null
  const invitation = await database.invitation.findFirst({
    where: { hash, ...isPending(database) },
    include: { team: true, createdBy: true },
  })
  if (!invitation || invitation.team.deletionDueAt || invitation.createdBy.suspendedAt) return null
  const { teamId, createdById, role } = invitation
  const maker = await database.member.findUnique({
    where: { teamId_userId: { teamId, userId: createdById } },
  })
  const mayInvite = maker && mayActAs(maker.role, 'ADMIN') && mayActAs(maker.role, role)
  return mayInvite ? invitation : null
}

/** For whoever holds the link, signed in or not. */
export async function readInvitation(
  database: Database,
  actor: Actor | null,
  token: string,
): Promise<InvitationPreview | null> {
  const invitation = await findInvitation(database, token)
  if (!invitation) return null
  const { team, createdBy, role, email, expiresAt } = invitation
  const where = { teamId_userId: { teamId: team.id, userId: actor?.userId ?? '' } }
  const isMember = (await database.member.findUnique({ where })) !== null
  return { teamName: team.name, role, email, invitedBy: createdBy.name, expiresAt, isMember }
}

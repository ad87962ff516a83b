import { newId } from '../../../contract/ids.ts'
import type { Database, Team, Transaction } from '../../../prisma/client.ts'
import { recordMemberJoined } from '../../../runs/team-events.ts'
import { type Actor, requirePerson } from '../../access/actor.ts'
import { noteDetail } from '../../audit/trail.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { requireRoomForTeam } from '../teams/create-team.ts'
import { withLockedRow } from '../with-locked-row.ts'
import { findInvitation, type OpenInvitation } from './find-invitation.ts'

const MOST_MEMBERS = 500

/** Makes whoever is signed in a member. One who is a member already stays what they are, and uses nothing up. */
export function acceptInvitation(
  { database }: Services,
  actor: Actor | null,
  { token }: { token: string },
): Promise<Team> {
  return joinByInvitation(database, requirePerson(actor).userId, token)
}

export async function joinByInvitation(database: Database, userId: string, token: string): Promise<Team> {
  const found = await findInvitation(database, token)
  if (!found) throw isOver()
  return withLockedRow(database, 'Team', found.teamId, async (tx) => {
    // Again, now that nobody else of this team comes in or is sent away.
    const invitation = await findInvitation(tx, token)
    if (!invitation) throw isOver()
    await requireAddressed(tx, invitation, userId)
    const { teamId, role } = invitation
    if (await tx.member.findUnique({ where: { teamId_userId: { teamId, userId } } })) return invitation.team
    await requireRoom(tx, teamId, userId)
    noteDetail({ role: { from: null, to: role }, invitationId: invitation.id })
    await tx.member.create({ data: { id: newId('Member'), teamId, userId, role } })
    await tx.invitation.update({ where: { id: invitation.id }, data: { uses: { increment: 1 } } })
    await recordMemberJoined(tx, { teamId, userId, invitedById: invitation.createdById })
    return invitation.team
  })
}

function isOver(): AppError {
  const message = 'This invitation is over: it was used, revoked, or not accepted in time. Ask for a new one.'
  return new AppError('NOT_FOUND', message, ['token'])
}

async function requireAddressed(tx: Transaction, { email }: OpenInvitation, userId: string): Promise<void> {
  if (email === null) return
  const user = await tx.user.findUniqueOrThrow({ where: { id: userId } })
  if (user.email.toLowerCase() === email) return
  const message = `This invitation is for ${email}, and you are signed in as ${user.email}. Sign in as ${email}, or ask for an invitation of your own.`
  throw new AppError('FORBIDDEN', message, ['token'])
}

async function requireRoom(tx: Transaction, teamId: string, userId: string): Promise<void> {
  if ((await tx.member.count({ where: { teamId, user: { isServiceAccount: false } } })) >= MOST_MEMBERS)
    throw new AppError('LIMIT_EXCEEDED', `A team has at most ${MOST_MEMBERS} members.`)
  await tx.$queryRaw`SELECT id FROM "User" WHERE id = ${userId} FOR NO KEY UPDATE`
  await requireRoomForTeam(tx, userId)
}

import type { Database, Team } from '../../../prisma/client.ts'
import { writeEvents } from '../../audit/events.ts'
import { subjectOf } from '../../audit/subjects.ts'
import { joinByInvitation } from '../members/accept-invitation.ts'
import { createFirstTeam } from '../teams/create-team.ts'

/**
 * The team that a new person lands in: the one whose invitation has let them in, or else one of their own.
 * @throws AppError where the invitation is used up by now, or its team is full
 */
export async function giveTeam(
  database: Database,
  user: { id: string; name: string },
  invitation: string | null,
): Promise<Team> {
  if (invitation === null) return createFirstTeam(database, user)
  const team = await joinByInvitation(database, user.id, invitation)
  const subject = subjectOf('Team', team)
  const actor = { kind: 'PERSON' as const, id: user.id }
  await writeEvents(database, [{ actor, action: 'member.join', teamId: team.id, subject }])
  return team
}

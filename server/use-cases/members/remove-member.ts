import type { Actor } from '../../access/actor.ts'
import { noteDetail } from '../../audit/trail.ts'
import type { Services } from '../../services.ts'
import { changeMember, endMembership, endSeenKeys } from './member-change.ts'

/** Sends somebody away: what they have open of the team closes within 5 s. */
export function removeMember(
  services: Services,
  actor: Actor | null,
  { memberId }: { memberId: string },
): Promise<string> {
  return changeMember(services, actor, memberId, async ({ tx, member }) => {
    noteDetail({ role: { from: member.role, to: null } })
    await endSeenKeys(tx, member)
    await endMembership(tx, member)
    return memberId
  })
}

import type { Invitation } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import type { Services } from '../../services.ts'

/** Ends an invitation at once. One that ended before stays as it is. */
export async function revokeInvitation(
  { database }: Services,
  actor: Actor | null,
  input: { invitationId: string },
): Promise<Invitation> {
  const { id } = await permit({ database, actor }, 'Invitation', input.invitationId, 'ADMIN')
  return inTransaction(database, async (tx) => {
    await tx.invitation.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: new Date() } })
    return tx.invitation.findUniqueOrThrow({ where: { id } })
  })
}

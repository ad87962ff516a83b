import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import type { Services } from '../../services.ts'
import { withLockedRow } from '../with-locked-row.ts'

/**
 * Ends a service account with its keys; what it has open closes within 5 s. What it made stays, by its name.
 * @returns its id
 */
export async function deleteServiceAccount(
  { database }: Services,
  actor: Actor | null,
  { serviceAccountId }: { serviceAccountId: string },
): Promise<string> {
  const account = await permit({ database, actor }, 'ServiceAccount', serviceAccountId, 'ADMIN')
  const { id, teamId, userId } = account
  return withLockedRow(database, 'Team', teamId, async (tx) => {
    const now = new Date()
    await tx.serviceAccount.updateMany({ where: { id, deletedAt: null }, data: { deletedAt: now } })
    await tx.member.deleteMany({ where: { teamId, userId } })
    await tx.apiKey.updateMany({ where: { userId, revokedAt: null }, data: { revokedAt: now } })
    const invited = { createdById: userId, revokedAt: null }
    await tx.invitation.updateMany({ where: invited, data: { revokedAt: now } })
    return id
  })
}

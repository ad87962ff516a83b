import type { ShareLink } from '../../../prisma/client.ts'
import { type Actor, requirePerson } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import type { Services } from '../../services.ts'

/** Ends a link at once. One that ended before stays as it is. */
export async function revokeShareLink(
  { database }: Services,
  actor: Actor | null,
  input: { shareLinkId: string },
): Promise<ShareLink> {
  const { id } = await permit({ database, actor }, 'ShareLink', input.shareLinkId, 'MEMBER')
  requirePerson(actor)
  return inTransaction(database, async (tx) => {
    await tx.shareLink.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: new Date() } })
    return tx.shareLink.findUniqueOrThrow({ where: { id } })
  })
}

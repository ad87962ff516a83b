import type { ApiKey } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { inTransaction } from '../../audit/trail.ts'
import type { Services } from '../../services.ts'

/** Ends a key at once. A key that ended before stays as it is. */
export async function revokeApiKey(
  { database }: Services,
  actor: Actor | null,
  input: { apiKeyId: string },
): Promise<ApiKey> {
  const { id } = await permit({ database, actor }, 'ApiKey', input.apiKeyId, 'ADMIN')
  return inTransaction(database, async (tx) => {
    await tx.apiKey.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: new Date() } })
    return tx.apiKey.findUniqueOrThrow({ where: { id } })
  })
}

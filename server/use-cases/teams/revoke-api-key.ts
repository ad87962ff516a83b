import type { ApiKey } from '../../../prisma/client.ts'
import { type Actor, requireRole } from '../../access/actor.ts'
import type { Services } from '../../services.ts'

/** Ends a key at once. A key that ended before stays as it is. */
export async function revokeApiKey(
  { database }: Services,
  actor: Actor | null,
  input: { apiKeyId: string },
): Promise<ApiKey> {
  const found = await database.apiKey.findUnique({ where: { id: input.apiKeyId } })
  await requireRole(database, actor, {
    teamId: found?.teamId,
    atLeast: 'ADMIN',
    noun: 'API key',
    path: ['apiKeyId'],
  })
  await database.apiKey.updateMany({
    where: { id: input.apiKeyId, revokedAt: null },
    data: { revokedAt: new Date() },
  })
  return database.apiKey.findUniqueOrThrow({ where: { id: input.apiKeyId } })
}

import type { ApiKey, Database } from '../../../prisma/client.ts'
import { type Actor, mayActAs, roleIn } from '../../access/actor.ts'

/** A team's keys that were not revoked, the newest first; none for whoever may not manage them. */
export async function readApiKeys(
  database: Database,
  actor: Actor | null,
  teamId: string,
): Promise<ApiKey[]> {
  const role = await roleIn(database, actor, teamId)
  if (!role || !mayActAs(role, 'ADMIN')) return []
  return database.apiKey.findMany({ where: { teamId, revokedAt: null }, orderBy: { id: 'desc' } })
}

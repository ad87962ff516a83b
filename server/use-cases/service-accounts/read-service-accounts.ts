import type { Database, ServiceAccount } from '../../../prisma/client.ts'
import { type Actor, mayActAs, roleIn } from '../../access/actor.ts'

/** A team's service accounts, the newest first; none for whoever may not manage them. */
export async function readServiceAccounts(
  database: Database,
  actor: Actor | null,
  teamId: string,
): Promise<ServiceAccount[]> {
  const role = await roleIn(database, actor, teamId)
  if (!role || !mayActAs(role, 'ADMIN')) return []
  return database.serviceAccount.findMany({ where: { teamId, deletedAt: null }, orderBy: { id: 'desc' } })
}

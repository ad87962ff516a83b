import type { Database, Team } from '../../../prisma/client.ts'
import { type Actor, roleIn } from '../../access/actor.ts'

/** A team by the name in its address, or by one that it had a while ago; null where the actor is no member. */
export async function readTeam(database: Database, actor: Actor | null, slug: string): Promise<Team | null> {
  if (!actor) return null
  const team = (await database.team.findUnique({ where: { slug } })) ?? (await findMoved(database, slug))
  return team && (await roleIn(database, actor, team.id)) ? team : null
}

async function findMoved(database: Database, slug: string): Promise<Team | null> {
  const old = await database.teamAddress.findUnique({ where: { slug }, include: { team: true } })
  return old && old.expiresAt > new Date() ? old.team : null
}

/** Every team that a session or a key reaches, the oldest first. */
export function readTeams(database: Database, actor: Actor): Promise<Team[]> {
  return database.team.findMany({
    where: {
      id: actor.kind === 'apiKey' ? actor.teamId : undefined,
      members: { some: { userId: actor.userId } },
    },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  })
}

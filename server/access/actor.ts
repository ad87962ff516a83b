import type { Database, Member, Role } from '../../prisma/client.ts'
import { AppError } from '../errors.ts'

/** Who asks. A session reaches every team of its person; a key acts in one team, with the powers of a MEMBER. */
export type Actor =
  | { kind: 'session'; userId: string; sessionId: string }
  | { kind: 'apiKey'; userId: string; apiKeyId: string; keyName: string; teamId: string }

const RANK: Record<Role, number> = { VIEWER: 0, MEMBER: 1, ADMIN: 2, OWNER: 3 }

/** True where a role may do what the other one may. */
export function mayActAs(role: Role, atLeast: Role): boolean {
  return RANK[role] >= RANK[atLeast]
}

/** What an actor may do in a team; null where it is no member, or the team does not exist. */
export async function roleIn(database: Database, actor: Actor | null, teamId: string): Promise<Role | null> {
  if (!actor || (actor.kind === 'apiKey' && actor.teamId !== teamId)) return null
  const member = await database.member.findUnique({
    where: { teamId_userId: { teamId, userId: actor.userId } },
  })
  return member ? roleOf(actor, member) : null
}

/** The role that an actor plays by a membership: a key is never more than a MEMBER, whoever made it. */
export function roleOf(actor: Actor, member: Pick<Member, 'role'>): Role {
  return actor.kind === 'apiKey' && mayActAs(member.role, 'MEMBER') ? 'MEMBER' : member.role
}

/** @throws AppError UNAUTHENTICATED where nobody is signed in */
export function requireActor(actor: Actor | null): Actor {
  if (!actor) throw new AppError('UNAUTHENTICATED', 'Nobody is signed in. Sign in, or send an API key.')
  return actor
}

/**
 * Who is signed in, where a key will not do.
 * @throws AppError UNAUTHENTICATED, or FORBIDDEN for a key
 */
export function requirePerson(actor: Actor | null): Extract<Actor, { kind: 'session' }> {
  const present = requireActor(actor)
  if (present.kind === 'session') return present
  throw new AppError('FORBIDDEN', 'An API key may not do this; sign in.')
}

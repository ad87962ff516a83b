import type { Database, KeyScope, Member, Role } from '../../prisma/client.ts'
import { AppError } from '../errors.ts'

/** Who asks. A session reaches every team of its person; a key acts in one team, as far as its scopes go (scopes.ts). */
export type Actor = { kind: 'session'; userId: string; sessionId: string } | ActingKey

export interface ActingKey {
  kind: 'apiKey'
  /** Whom it speaks for. */
  userId: string
  /** It speaks for nobody, so. */
  isServiceAccount: boolean
  apiKeyId: string
  keyName: string
  teamId: string
  scopes: readonly KeyScope[]
}

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

/** The role that an actor plays by a membership: a key plays none that its scopes do not need, and never an OWNER's. */
export function roleOf(actor: Actor, member: Pick<Member, 'role'>): Role {
  if (actor.kind === 'session') return member.role
  const most = actor.scopes.includes('ADMIN') ? 'ADMIN' : actor.scopes.length > 1 ? 'MEMBER' : 'VIEWER'
  return mayActAs(member.role, most) ? most : member.role
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

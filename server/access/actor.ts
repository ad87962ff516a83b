import type { Database, Member, Role } from '../../prisma/client.ts'
import { AppError, notFound } from '../errors.ts'

/** Who asks. A session reaches every team of its person; a key acts in one team, with the powers of a MEMBER. */
export type Actor =
  | { kind: 'session'; userId: string; sessionId: string }
  | { kind: 'apiKey'; userId: string; apiKeyId: string; teamId: string }

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

/** What `requireRole` checks, and how it names what was looked for. */
export interface RoleRequirement {
  /** The row's team; null or undefined where there is no such row. */
  teamId: string | null | undefined
  atLeast: Role
  /** As in the glossary: `run`. */
  noun: string
  /** Where in the input its id stands. */
  path: string[]
}

/**
 * Lets an actor pass who may do something to a thing of a team.
 * @returns the actor and its role
 * @throws AppError UNAUTHENTICATED, FORBIDDEN, or NOT_FOUND: the same for a missing thing and for another team's
 */
export async function requireRole(
  database: Database,
  actor: Actor | null,
  requirement: RoleRequirement,
): Promise<{ actor: Actor; role: Role }> {
  const present = requireActor(actor)
  const { teamId, atLeast, noun, path } = requirement
  const role = teamId ? await roleIn(database, present, teamId) : null
  if (!role) throw notFound(noun, path)
  if (!mayActAs(role, atLeast)) {
    const who = present.kind === 'apiKey' ? 'An API key' : `A ${role}`
    throw new AppError('FORBIDDEN', `${who} may not do this; it takes a team’s ${atLeast}.`)
  }
  return { actor: present, role }
}

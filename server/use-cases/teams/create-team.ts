import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { newId } from '../../../contract/ids.ts'
import { NAME_LENGTHS } from '../../../contract/limits.ts'
import { isReservedSlug, SLUG_FORM } from '../../../contract/team-slug.ts'
import { toStorable } from '../../../contract/text.ts'
import type { Database, Team, Transaction } from '../../../prisma/client.ts'
import { type Actor, requirePerson } from '../../access/actor.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { nameUpTo, parseInput } from '../parse-input.ts'
import { isUniqueViolation } from '../unique.ts'
import { withLockedRow } from '../with-locked-row.ts'

const MAX_TEAMS_A_PERSON = 50
/** Of the name of a person whose first team is named after them. */
const MAX_OWNER_LENGTH = 60

export const TeamSlug = z
  .string()
  .regex(SLUG_FORM, 'an address has 3 to 40 of a-z, 0-9 and dashes')
  .refine((slug) => !isReservedSlug(slug), {
    error: ({ input }) => `the address “${input}” is the product’s own; choose another one`,
  })

const Input = z.object({ name: nameUpTo(NAME_LENGTHS.team), slug: TeamSlug.nullish() })

/** Makes a team of which the actor, a person and no key, becomes the owner. */
export async function createTeam(
  { database }: Services,
  actor: Actor | null,
  input: z.input<typeof Input>,
): Promise<Team> {
  const { userId } = requirePerson(actor)
  const { name, slug } = parseInput(Input, input)
  const insert = (free: string) =>
    withLockedRow(database, 'User', userId, async (tx) => {
      await requireRoomForTeam(tx, userId)
      return insertTeam(tx, userId, name, free)
    })
  if (!slug) return underFreeSlug(name, insert)
  try {
    return await insert(slug)
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new AppError('CONFLICT', `Another team has the address “${slug}”; choose another one.`, ['slug'])
  }
}

/** The team that a new person lands in. */
export function createFirstTeam(database: Database, user: { id: string; name: string }): Promise<Team> {
  const owner = toStorable([...user.name].slice(0, MAX_OWNER_LENGTH).join(''), 2 * MAX_OWNER_LENGTH)
  const name = owner ? `${owner}’s team` : 'My team'
  return underFreeSlug(owner, (slug) => insertTeam(database, user.id, name, slug))
}

export async function requireRoomForTeam(tx: Transaction, userId: string): Promise<void> {
  if ((await tx.member.count({ where: { userId } })) < MAX_TEAMS_A_PERSON) return
  throw new AppError('LIMIT_EXCEEDED', `A person is in at most ${MAX_TEAMS_A_PERSON} teams.`)
}

async function underFreeSlug(name: string, insert: (slug: string) => Promise<Team>): Promise<Team> {
  const slug = slugOf(name)
  const another = `${slug}-${randomBytes(4).toString('hex')}`
  if (isReservedSlug(slug)) return insert(another)
  try {
    return await insert(slug)
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    return insert(another)
  }
}

/** What a name looks like in an address, with room for a suffix: 3 to 30 characters. */
function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 30)
    .replace(/^-|-$/g, '')
  return slug.length >= 3 ? slug : `team${slug && `-${slug}`}`
}

function insertTeam(tx: Database | Transaction, userId: string, name: string, slug: string): Promise<Team> {
  return tx.team.create({
    data: {
      id: newId('Team'),
      name,
      slug,
      members: { create: { id: newId('Member'), userId, role: 'OWNER' } },
    },
  })
}

import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { newId } from '../../../contract/ids.ts'
import { NAME_LENGTHS } from '../../../contract/limits.ts'
import type { Database, Team } from '../../../prisma/client.ts'
import { type Actor, requireActor } from '../../access/actor.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { nameUpTo, parseInput } from '../parse-input.ts'
import { isUniqueViolation } from '../unique.ts'

const MAX_TEAMS_A_PERSON = 50
/** Of the name of a person whose first team is named after them. */
const MAX_OWNER_LENGTH = 60
const SLUG_FORM = /^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$/

const Input = z.object({
  name: nameUpTo(NAME_LENGTHS.team),
  slug: z.string().regex(SLUG_FORM, 'an address has 3 to 40 of a-z, 0-9 and dashes').nullish(),
})

/** Makes a team of which the actor, a person and no key, becomes the owner. */
export async function createTeam(
  { database }: Services,
  actor: Actor | null,
  input: z.input<typeof Input>,
): Promise<Team> {
  const { kind, userId } = requireActor(actor)
  if (kind === 'apiKey') throw new AppError('FORBIDDEN', 'An API key acts in one team and makes no other.')
  const { name, slug } = parseInput(Input, input)
  if ((await database.member.count({ where: { userId } })) >= MAX_TEAMS_A_PERSON) {
    throw new AppError('LIMIT_EXCEEDED', `A person is in at most ${MAX_TEAMS_A_PERSON} teams.`)
  }
  if (!slug) return insertTeamUnderFreeSlug(database, userId, name)
  try {
    return await insertTeam(database, userId, name, slug)
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new AppError('CONFLICT', `Another team has the address “${slug}”; choose another one.`, ['slug'])
  }
}

/** The team that a new person lands in. */
export async function createFirstTeam(database: Database, user: { id: string; name: string }): Promise<Team> {
  const owner = [
    ...user.name
      // NFC takes quadratic time over a long run of marks, and nobody has said yet how long a person's name may be.
      .slice(0, 4 * MAX_OWNER_LENGTH)
      .normalize('NFC')
      .replace(/\p{Cc}/gu, '')
      .trim(),
  ]
    .slice(0, MAX_OWNER_LENGTH)
    .join('')
  return insertTeamUnderFreeSlug(database, user.id, owner ? `${owner}’s team` : 'My team', owner)
}

async function insertTeamUnderFreeSlug(
  database: Database,
  userId: string,
  name: string,
  slugSource = name,
): Promise<Team> {
  const slug = slugOf(slugSource)
  try {
    return await insertTeam(database, userId, name, slug)
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    return insertTeam(database, userId, name, `${slug}-${randomBytes(4).toString('hex')}`)
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

function insertTeam(database: Database, userId: string, name: string, slug: string): Promise<Team> {
  return database.team.create({
    data: {
      id: newId('Team'),
      name,
      slug,
      members: { create: { id: newId('Member'), userId, role: 'OWNER' } },
    },
  })
}

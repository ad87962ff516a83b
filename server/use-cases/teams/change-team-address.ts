import { z } from 'zod'
import { OLD_ADDRESS_DAYS } from '../../../contract/limits.ts'
import type { Team, Transaction } from '../../../prisma/client.ts'
import { type Actor, requirePerson } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { noteDetail } from '../../audit/trail.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { parseInput } from '../parse-input.ts'
import { isUniqueViolation } from '../unique.ts'
import { withLockedRow } from '../with-locked-row.ts'
import { TeamSlug } from './create-team.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** Addresses that lead to one team beside its own. */
const MOST_OLD = 5

const Input = z.object({ teamId: z.string(), slug: TeamSlug })

/** Gives a team another address. The one before leads to it for 30 days, and until then to no other team. */
export async function changeTeamAddress(
  { database }: Services,
  actor: Actor | null,
  input: z.input<typeof Input>,
): Promise<Team> {
  const { id } = await permit({ database, actor }, 'Team', input.teamId, 'OWNER')
  requirePerson(actor)
  const { slug } = parseInput(Input, input)
  try {
    return await withLockedRow(database, 'Team', id, (tx) => move(tx, id, slug))
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw new AppError('CONFLICT', `Another team has the address “${slug}”; choose another one.`, ['slug'])
  }
}

async function move(tx: Transaction, id: string, slug: string): Promise<Team> {
  const team = await tx.team.findUniqueOrThrow({ where: { id } })
  noteDetail({ slug: { from: team.slug, to: slug } })
  if (team.slug === slug) return team
  const now = new Date()
  await tx.teamAddress.deleteMany({ where: { OR: [{ expiresAt: { lt: now } }, { slug, teamId: id }] } })
  if ((await tx.teamAddress.count({ where: { teamId: id } })) >= MOST_OLD) {
    const message = `${MOST_OLD} old addresses lead to this team already; each ends after ${OLD_ADDRESS_DAYS} days.`
    throw new AppError('LIMIT_EXCEEDED', message, ['slug'])
  }
  const moved = await tx.team.update({ where: { id }, data: { slug } })
  const expiresAt = new Date(now.getTime() + OLD_ADDRESS_DAYS * DAY_MS)
  await tx.teamAddress.create({ data: { slug: team.slug, teamId: id, expiresAt } })
  return moved
}

import type { Database, Team, Transaction } from '../../../prisma/client.ts'

interface OwnedAlone {
  /** Teams of others, too, which must get another owner first. */
  withOthers: Team[]
  /** Teams in which there is nobody else; they go with the account. */
  byThemselves: Team[]
}

/** The teams that a person alone owns; those that are about to be deleted go in any case. */
export async function readOwnedAlone(database: Database | Transaction, userId: string): Promise<OwnedAlone> {
  const others = { NOT: { userId }, user: { isServiceAccount: false } }
  const teams = await database.team.findMany({
    where: { members: { some: { userId, role: 'OWNER' }, none: { ...others, role: 'OWNER' } } },
    include: { members: { where: others, take: 1 } },
    orderBy: { name: 'asc' },
  })
  const isLeft = ({ members, deletionDueAt }: (typeof teams)[number]) => members.length > 0 && !deletionDueAt
  return { withOthers: teams.filter(isLeft), byThemselves: teams.filter((team) => !isLeft(team)) }
}

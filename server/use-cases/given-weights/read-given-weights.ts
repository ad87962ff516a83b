import { z } from 'zod'
import type { Cohort, Database, GivenWeights } from '../../../prisma/client.ts'
import { direction, onwards, type TimeOrder } from '../list-order.ts'
import { parseInput } from '../parse-input.ts'
import { type Connection, checkFirst, type PageArguments, readNewestFirst } from '../read-page.ts'
import { containing, Search } from '../search.ts'

const MOST_COHORTS = 100

interface GivenWeightsPage extends PageArguments {
  search?: string | null
  orderBy?: TimeOrder | null
}

const Input = z.object({ search: Search })

/** A page of a team's files of weights, the newest first unless it is ordered otherwise. */
export function readGivenWeights(
  { givenWeights }: Database,
  teamId: string,
  { search, orderBy, ...page }: GivenWeightsPage,
): Promise<Connection<GivenWeights>> {
  const name = containing(parseInput(Input, { search }).search)
  const where = { teamId, ...(name && { name }) }
  return readNewestFirst(page, {
    read: (key, take) =>
      givenWeights.findMany({
        where: { ...where, id: onwards(orderBy, key) },
        orderBy: { id: direction(orderBy) },
        take,
      }),
    count: () => givenWeights.count({ where }),
  })
}

/** The cohorts with a student that begins with a file of weights, the newest first. */
export function readCohortsOfWeights(
  { cohort }: Database,
  { id, teamId }: GivenWeights,
  first: number,
): Promise<Cohort[]> {
  return cohort.findMany({
    where: { teamId, students: { some: { start: { path: ['source', 'weightsId'], equals: id } } } },
    orderBy: { id: 'desc' },
    take: checkFirst(first, MOST_COHORTS),
  })
}

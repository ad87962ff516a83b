import { z } from 'zod'
import type { Cohort, Database, TeachingMethod } from '../../../prisma/client.ts'
import { direction, type ListOrder, nameBefore, onwards } from '../list-order.ts'
import { parseInput } from '../parse-input.ts'
import { type Connection, type PageArguments, readNewestFirst } from '../read-page.ts'
import { containing, Search } from '../search.ts'

interface CohortsPage extends PageArguments {
  search?: string | null
  method?: TeachingMethod | null
  orderBy?: ListOrder | null
}

const Input = z.object({ search: Search })

/** A page of a team's cohorts, newest first unless it is ordered otherwise. */
export function readCohorts(
  { cohort }: Database,
  teamId: string,
  { search, method, orderBy, ...page }: CohortsPage,
): Promise<Connection<Cohort>> {
  const name = containing(parseInput(Input, { search }).search)
  const where = { teamId, ...(name && { name }), ...(method && { method }) }
  return readNewestFirst(page, {
    async read(key, take) {
      if (orderBy !== 'NAME')
        return cohort.findMany({
          where: { ...where, id: onwards(orderBy, key) },
          orderBy: { id: direction(orderBy) },
          take,
        })
      const gt = await nameBefore(key, (id) => cohort.findFirst({ where: { id, teamId } }))
      return cohort.findMany({
        where: { AND: [where, gt === undefined ? {} : { name: { gt } }] },
        orderBy: { name: 'asc' },
        take,
      })
    },
    count: () => cohort.count({ where }),
  })
}

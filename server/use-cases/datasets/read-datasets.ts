import { z } from 'zod'
import type { Database, Dataset, DatasetKind } from '../../../prisma/client.ts'
import { direction, type ListOrder, nameBefore, onwards } from '../list-order.ts'
import { parseInput } from '../parse-input.ts'
import { type Connection, type PageArguments, readNewestFirst } from '../read-page.ts'
import { containing, Search } from '../search.ts'

interface DatasetsPage extends PageArguments {
  search?: string | null
  kind?: DatasetKind | null
  orderBy?: ListOrder | null
}

const Input = z.object({ search: Search })

/** A page of a team's datasets, the newest first unless it is ordered otherwise. */
export function readDatasets(
  { dataset }: Database,
  teamId: string,
  { search, kind, orderBy, ...page }: DatasetsPage,
): Promise<Connection<Dataset>> {
  const name = containing(parseInput(Input, { search }).search)
  const where = { teamId, ...(name && { name }), ...(kind && { kind }) }
  return readNewestFirst(page, {
    async read(key, take) {
      if (orderBy !== 'NAME')
        return dataset.findMany({
          where: { ...where, id: onwards(orderBy, key) },
          orderBy: { id: direction(orderBy) },
          take,
        })
      const gt = await nameBefore(key, (id) => dataset.findFirst({ where: { id, teamId } }))
      return dataset.findMany({
        where: { AND: [where, gt === undefined ? {} : { name: { gt } }] },
        orderBy: { name: 'asc' },
        take,
      })
    },
    count: () => dataset.count({ where }),
  })
}

import type { Database, Model } from '../../../prisma/client.ts'
import { direction, onwards, type TimeOrder } from '../list-order.ts'
import { type Connection, type PageArguments, readNewestFirst } from '../read-page.ts'

interface ModelsPage extends PageArguments {
  architecture?: string | null
  orderBy?: TimeOrder | null
}

/** A page of a team's trained students, newest first unless it is ordered otherwise. */
export function readModels(
  { model }: Database,
  teamId: string,
  { architecture, orderBy, ...page }: ModelsPage,
): Promise<Connection<Model>> {
  const where = { teamId, ...(architecture && { student: { architecture } }) }
  return readNewestFirst(page, {
    read: (key, take) =>
      model.findMany({
        where: { ...where, id: onwards(orderBy, key) },
        orderBy: { id: direction(orderBy) },
        take,
      }),
    count: () => model.count({ where }),
  })
}

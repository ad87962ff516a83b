import type { Database, Model } from '../../../prisma/client.ts'
import { type Connection, type PageArguments, readNewestFirst } from '../read-page.ts'

/** A page of a team's trained students, newest first. */
export function readModels(
  { model }: Database,
  teamId: string,
  page: PageArguments,
): Promise<Connection<Model>> {
  return readNewestFirst(page, {
    read: (before, take) =>
      model.findMany({ where: { teamId, id: { lt: before } }, orderBy: { id: 'desc' }, take }),
    count: () => model.count({ where: { teamId } }),
  })
}

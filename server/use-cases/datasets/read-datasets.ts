import type { Database, Dataset } from '../../../prisma/client.ts'
import { type Connection, type PageArguments, readNewestFirst } from '../read-page.ts'

/** A page of a team's datasets, the newest first. */
export function readDatasets(
  { dataset }: Database,
  teamId: string,
  page: PageArguments,
): Promise<Connection<Dataset>> {
  return readNewestFirst(page, {
    read: (before, take) =>
      dataset.findMany({ where: { teamId, id: { lt: before } }, orderBy: { id: 'desc' }, take }),
    count: () => dataset.count({ where: { teamId } }),
  })
}

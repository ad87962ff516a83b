import type { Cohort, Database } from '../../../prisma/client.ts'
import { type Connection, type PageArguments, readNewestFirst } from '../read-page.ts'

/** A page of a team's cohorts, newest first. */
export function readCohorts(
  { cohort }: Database,
  teamId: string,
  page: PageArguments,
): Promise<Connection<Cohort>> {
  return readNewestFirst(page, {
    read: (before, take) =>
      cohort.findMany({ where: { teamId, id: { lt: before } }, orderBy: { id: 'desc' }, take }),
    count: () => cohort.count({ where: { teamId } }),
  })
}

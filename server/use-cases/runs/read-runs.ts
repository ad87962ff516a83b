import type { Database, Run, RunStatus } from '../../../prisma/client.ts'
import { type Connection, type PageArguments, parseNumberKey, readPage } from '../read-page.ts'

type RunsPage = PageArguments & { statuses?: readonly RunStatus[] | null; cohortId?: string | null }

/** A page of a team's runs, newest first. */
export function readRuns(
  { run }: Database,
  teamId: string,
  { statuses, cohortId, ...page }: RunsPage,
): Promise<Connection<Run>> {
  const where = {
    teamId,
    status: statuses ? { in: [...statuses] } : undefined,
    cohortId: cohortId ?? undefined,
  }
  return readPage(page, {
    keyOf: ({ number }: Run) => number,
    parseKey: parseNumberKey,
    read: (before, take) =>
      run.findMany({ where: { ...where, number: { lt: before } }, orderBy: { number: 'desc' }, take }),
    count: () => run.count({ where }),
  })
}

/** A run by its number within the team. */
export function readRun({ run }: Database, teamId: string, number: number): Promise<Run | null> {
  return run.findUnique({ where: { teamId_number: { teamId, number } } })
}

import type { Database, Experiment } from '../../../prisma/client.ts'
import { type Connection, type PageArguments, parseNumberKey, readPage } from '../read-page.ts'

/** A page of a team's experiments, newest first. */
export function readExperiments(
  { experiment }: Database,
  teamId: string,
  page: PageArguments,
): Promise<Connection<Experiment>> {
  return readPage(page, {
    keyOf: ({ number }: Experiment) => number,
    parseKey: parseNumberKey,
    read: (before, take) =>
      experiment.findMany({ where: { teamId, number: { lt: before } }, orderBy: { number: 'desc' }, take }),
    count: () => experiment.count({ where: { teamId } }),
  })
}

/** An experiment by its number within the team. */
export function readExperiment(
  { experiment }: Database,
  teamId: string,
  number: number,
): Promise<Experiment | null> {
  return experiment.findUnique({ where: { teamId_number: { teamId, number } } })
}

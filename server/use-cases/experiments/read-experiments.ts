import { z } from 'zod'
import type { Database, Experiment } from '../../../prisma/client.ts'
import { direction, onwards, type TimeOrder } from '../list-order.ts'
import { parseInput } from '../parse-input.ts'
import { type Connection, type PageArguments, parseNumberKey, readPage } from '../read-page.ts'
import { containing, Search } from '../search.ts'

interface ExperimentsPage extends PageArguments {
  search?: string | null
  orderBy?: TimeOrder | null
}

const Input = z.object({ search: Search })

/** A page of a team's experiments, newest first unless it is ordered otherwise. */
export function readExperiments(
  { experiment }: Database,
  teamId: string,
  { search, orderBy, ...page }: ExperimentsPage,
): Promise<Connection<Experiment>> {
  const title = containing(parseInput(Input, { search }).search)
  const where = { teamId, ...(title && { title }) }
  return readPage(page, {
    keyOf: ({ number }: Experiment) => number,
    parseKey: parseNumberKey,
    read: (key, take) =>
      experiment.findMany({
        where: { ...where, number: onwards(orderBy, key) },
        orderBy: { number: direction(orderBy) },
        take,
      }),
    count: () => experiment.count({ where }),
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

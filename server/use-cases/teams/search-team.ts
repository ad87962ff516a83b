import { z } from 'zod'
import type { Cohort, Database, Dataset, Ensemble, Experiment, Model, Run } from '../../../prisma/client.ts'
import { parseInput } from '../parse-input.ts'

const Input = z.object({
  text: z.string().trim().min(1, 'at least one character').max(100, 'at most 100 characters'),
  first: z.int().min(1, 'at least 1').max(20, 'at most 20'),
})

type Found = Dataset | Cohort | Run | Experiment | Model | Ensemble

/** `run 12`, `#12` or `12` names a run. */
const RUN_NUMBER = /^(?:run\s*|#)?(\d{1,9})$/i

/** What of a team has the text in its name, the newest of each kind first. @throws AppError INVALID_INPUT */
export async function searchTeam(
  database: Database,
  teamId: string,
  input: { text: string; first: number },
): Promise<Found[]> {
  const { text, first } = parseInput(Input, input)
  // Prisma hands the text to LIKE as it is.
  const literally = text.replaceAll(/[\\%_]/g, '\\$&')
  const named = { contains: literally, mode: 'insensitive' } as const
  const page = { orderBy: { id: 'desc' }, take: first } as const
  const [, digits] = RUN_NUMBER.exec(text) ?? []
  const ofRun = digits === undefined ? { cohort: { name: named } } : { number: Number(digits) }
  const aliased = { aliases: { some: { name: named } } }
  const found = await Promise.all([
    database.run.findMany({ where: { teamId, ...ofRun }, ...page }),
    database.dataset.findMany({ where: { teamId, name: named }, ...page }),
    database.cohort.findMany({ where: { teamId, name: named }, ...page }),
    database.experiment.findMany({ where: { teamId, title: named }, ...page }),
    database.model.findMany({ where: { teamId, OR: [{ student: { name: named } }, aliased] }, ...page }),
    database.ensemble.findMany({ where: { teamId, ...aliased }, ...page }),
  ])
  return found.flat()
}

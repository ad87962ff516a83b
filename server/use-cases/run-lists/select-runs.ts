import { z } from 'zod'
import {
  findConditionProblem,
  RUN_COLUMNS,
  RUN_COMPARISONS,
  type RunColumn,
} from '../../../contract/runs/run-columns.ts'
import { RUN_STATUSES, type RunStatus } from '../../../contract/runs/run-states.ts'
import { MAX_CONDITIONS } from '../../../contract/runs/run-view.ts'
import { Prisma } from '../../../prisma/client.ts'
import { parseInput } from '../parse-input.ts'
import { conditionSql, containsSql, RUN_TABLES } from './run-columns-sql.ts'

export const Column = z.enum(Object.keys(RUN_COLUMNS) as [RunColumn, ...RunColumn[]], {
  error: ({ input }) =>
    `there is no column “${String(input)}”; choose one of ${Object.keys(RUN_COLUMNS).join(', ')}`,
})

const Condition = z
  .object({
    column: Column,
    is: z.enum(RUN_COMPARISONS),
    value: z.string().max(200, 'at most 200 characters'),
  })
  .superRefine((condition, context) => {
    const problem = findConditionProblem(condition)
    if (problem) context.addIssue({ code: 'custom', message: problem })
  })

const Filter = z.object({
  statuses: z.array(z.enum(RUN_STATUSES)).nullish(),
  cohortId: z.string().nullish(),
  numbers: z.array(z.int()).max(100, 'at most 100 numbers').nullish(),
  where: z.array(Condition).max(MAX_CONDITIONS, `at most ${MAX_CONDITIONS} conditions`).nullish(),
  text: z.string().max(100, 'at most 100 characters').nullish(),
  archived: z.boolean().nullish(),
})

/** Which of a team's runs a list holds; omitted fields do not filter. */
export interface RunFilter {
  statuses?: readonly RunStatus[] | null
  cohortId?: string | null
  numbers?: readonly number[] | null
  where?: readonly { column: string; is: string; value: string }[] | null
  text?: string | null
  /** Null for archived runs and others alike. */
  archived?: boolean | null
}

/** FROM and WHERE of the runs of a team that match. @throws AppError INVALID_INPUT */
export function selectRuns(teamId: string, filter: RunFilter): Prisma.Sql {
  const { statuses, cohortId, numbers, where, text, archived } = parseInput(Filter, filter)
  const conditions = [
    Prisma.sql`r."teamId" = ${teamId}`,
    statuses ? Prisma.sql`r.status::text = ANY (${statuses})` : null,
    cohortId != null ? Prisma.sql`r."cohortId" = ${cohortId}` : null,
    numbers ? Prisma.sql`r.number = ANY (${numbers}::int[])` : null,
    archived == null ? null : Prisma.sql`(r."archivedAt" IS NOT NULL) = ${archived}`,
    text?.trim() ? searchSql(text.trim()) : null,
    ...(where ?? []).map(conditionSql),
  ].filter((condition) => condition !== null)
  return Prisma.sql`FROM ${RUN_TABLES} WHERE ${Prisma.join(conditions, ' AND ')}`
}

/** `run 12`, `#12` or `12` names a run. */
const RUN_NUMBER = /^(?:run\s*|#)?(\d{1,9})$/i

function searchSql(text: string): Prisma.Sql {
  const [, digits] = RUN_NUMBER.exec(text) ?? []
  const words = Prisma.sql`concat_ws(' ', r.name, array_to_string(r.tags, ' '), c.name, d.name, u.name, r.notes)`
  const has = containsSql(words, text)
  return digits === undefined ? has : Prisma.sql`(r.number = ${Number(digits)} OR ${has})`
}

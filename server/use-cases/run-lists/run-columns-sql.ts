import {
  isRecipeColumn,
  type OwnColumn,
  RUN_COLUMNS,
  type RunColumn,
  type RunCondition,
} from '../../../contract/runs/run-columns.ts'
import { Prisma } from '../../../prisma/client.ts'
import { HELD } from '../../../runs/lease.ts'

/** What the expressions below are about. */
export const RUN_TABLES = Prisma.sql`"Run" r
  JOIN "Cohort" c ON c.id = r."cohortId"
  JOIN "DatasetVersion" v ON v.id = r."datasetVersionId"
  JOIN "Dataset" d ON d.id = v."datasetId"
  JOIN "User" u ON u.id = r."createdById"
  LEFT JOIN "Ensemble" e ON e."runId" = r.id
  LEFT JOIN "Experiment" x ON x.id = r."experimentId"`

const ofTask = (task: 'CLASSIFICATION' | 'RETRIEVAL', score: Prisma.Sql) =>
  Prisma.sql`CASE WHEN d.kind = ${task}::"DatasetKind" THEN ${score} END`
const BEST = Prisma.sql`r."bestScore"`
const LAST = Prisma.sql`r."lastScore"`

const OWN: Record<OwnColumn, Prisma.Sql> = {
  number: Prisma.sql`r.number`,
  name: Prisma.sql`r.name`,
  tags: Prisma.sql`array_to_string(r.tags, ' ')`,
  cohort: Prisma.sql`c.name`,
  cohortId: Prisma.sql`c.id`,
  method: Prisma.sql`c.method::text`,
  students: Prisma.sql`(SELECT count(*) FROM "Student" s WHERE s."cohortId" = c.id)`,
  dataset: Prisma.sql`d.name`,
  datasetId: Prisma.sql`d.id`,
  versionId: Prisma.sql`v.id`,
  version: Prisma.sql`v.number`,
  task: Prisma.sql`d.kind::text`,
  preset: Prisma.sql`r.preset`,
  recipeKey: Prisma.sql`r."recipeKey"`,
  seed: Prisma.sql`r.seed`,
  experiment: Prisma.sql`coalesce(x.number, 0)`,
  best: BEST,
  last: LAST,
  bestTop1: ofTask('CLASSIFICATION', BEST),
  lastTop1: ofTask('CLASSIFICATION', LAST),
  bestMap: ofTask('RETRIEVAL', BEST),
  lastMap: ofTask('RETRIEVAL', LAST),
  ensemble: Prisma.sql`greatest(e."meanPosteriorTop1", e."concatenatedFeaturesTop1", e."meanAveragePrecision")`,
  duration: Prisma.sql`(SELECT sum(extract(epoch FROM
      coalesce(a."endedAt", CASE WHEN r.status IN ${HELD} THEN now() ELSE a."startedAt" END) - a."startedAt"))
    FROM "RunAttempt" a WHERE a."runId" = r.id)`,
  imagesPerSecond: Prisma.sql`r."imagesPerSecond"`,
  startedBy: Prisma.sql`u.name`,
  worker: Prisma.sql`r."workerName"`,
}

/** A column's value: float8 or text, null where a run has none. */
export function columnSql(column: RunColumn): Prisma.Sql {
  const value = isRecipeColumn(column) ? Prisma.sql`(r.recipe #>> ${column.split('.')}::text[])` : OWN[column]
  return RUN_COLUMNS[column] === 'NUMBER' ? Prisma.sql`(${value})::float8` : value
}

/** A column as what a list is ordered by: never null, and where a run has no value it comes last. */
export function orderSql(column: RunColumn, isDescending: boolean): Prisma.Sql {
  if (RUN_COLUMNS[column] === 'NUMBER') {
    return Prisma.sql`coalesce(${columnSql(column)}, ${isDescending ? '-Infinity' : 'Infinity'}::float8)`
  }
  return Prisma.sql`coalesce(lower(${columnSql(column)}), ${isDescending ? '' : '\uffff'}) COLLATE "C"`
}

export function conditionSql({ column, is, value }: RunCondition): Prisma.Sql {
  if (column === 'tags' && is !== 'CONTAINS') {
    const has = Prisma.sql`${value} = ANY (r.tags)`
    return is === 'EQUAL' ? has : Prisma.sql`NOT (${has})`
  }
  const left = columnSql(column)
  if (is === 'CONTAINS') return containsSql(left, value)
  const isNumber = RUN_COLUMNS[column] === 'NUMBER'
  const [a, b] = isNumber
    ? [left, Prisma.sql`${Number(value)}::float8`]
    : [Prisma.sql`lower(${left})`, Prisma.sql`lower(${value})`]
  if (is === 'AT_LEAST') return Prisma.sql`${a} >= ${b}`
  if (is === 'AT_MOST') return Prisma.sql`${a} <= ${b}`
  return is === 'EQUAL' ? Prisma.sql`${a} = ${b}` : Prisma.sql`${a} IS DISTINCT FROM ${b}`
}

/** Whether a text has another one in it, ignoring case. */
export function containsSql(text: Prisma.Sql, part: string): Prisma.Sql {
  return Prisma.sql`${text} ILIKE ${`%${part.replaceAll(/[\\%_]/g, '\\$&')}%`}`
}

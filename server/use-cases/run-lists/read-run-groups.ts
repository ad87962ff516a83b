import { RUN_GROUPINGS, type RunGrouping } from '../../../contract/runs/run-view.ts'
import { type Database, Prisma } from '../../../prisma/client.ts'
import { AppError } from '../../errors.ts'
import { type RunFilter, selectRuns } from './select-runs.ts'

const MAX_GROUPS = 200

/** Runs that have something in common, and the scores of those that succeeded. */
export interface RunGroup {
  /** Null where it is not grouped by it, as the three below; the last also of runs of no experiment. */
  cohortId: string | null
  datasetVersionId: string | null
  recipeKey: string | null
  experimentId: string | null
  task: 'CLASSIFICATION' | 'RETRIEVAL'
  runCount: number
  seedCount: number
  scoredCount: number
  newestId: string
  bestMean: number | null
  bestDeviation: number | null
  lastMean: number | null
  lastDeviation: number | null
  ensembleMean: number | null
  ensembleDeviation: number | null
}

const KEYS: Record<RunGrouping, Prisma.Sql> = {
  COHORT: Prisma.sql`r."cohortId"`,
  RECIPE: Prisma.sql`r."recipeKey"`,
  DATASET: Prisma.sql`r."datasetVersionId"`,
  EXPERIMENT: Prisma.sql`r."experimentId"`,
}

/**
 * A team's runs by what they have in common, those with the newest run first. Accuracies and mean average precisions are
 * never averaged together: there is a group for each.
 * @throws AppError INVALID_INPUT
 */
export async function readRunGroups(
  database: Database,
  teamId: string,
  { by, ...filter }: RunFilter & { by: readonly RunGrouping[] },
): Promise<RunGroup[]> {
  if (by.length === 0) throw new AppError('INVALID_INPUT', 'by is empty; group by one thing or more.', ['by'])
  const key = (grouping: RunGrouping) => (by.includes(grouping) ? KEYS[grouping] : Prisma.sql`NULL::text`)
  const keys = RUN_GROUPINGS.filter((grouping) => by.includes(grouping)).map((grouping) => KEYS[grouping])
  return database.$queryRaw<RunGroup[]>`
    SELECT ${key('COHORT')} AS "cohortId", ${key('DATASET')} AS "datasetVersionId", ${key('RECIPE')} AS "recipeKey",
      ${key('EXPERIMENT')} AS "experimentId",
      (array_agg(r.id ORDER BY r.number DESC))[1] AS "newestId",
      d.kind AS task, count(*)::int AS "runCount", count(DISTINCT r.seed)::int AS "seedCount",
      (count(r."bestScore") ${SUCCEEDED})::int AS "scoredCount",
      ${meanSql('best', Prisma.sql`r."bestScore"`)}, ${meanSql('last', Prisma.sql`r."lastScore"`)},
      ${meanSql('ensemble', ENSEMBLE)}
    ${selectRuns(teamId, filter)}
    GROUP BY ${Prisma.join(keys)}, d.kind ORDER BY max(r.number) DESC LIMIT ${MAX_GROUPS}`
}

const SUCCEEDED = Prisma.sql`FILTER (WHERE r.status = 'SUCCEEDED')`
const ENSEMBLE = Prisma.sql`greatest(e."meanPosteriorTop1", e."concatenatedFeaturesTop1", e."meanAveragePrecision")`

/** Mean and sample standard deviation, which is null for fewer than two. */
function meanSql(name: string, score: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`avg(${score}) ${SUCCEEDED} AS ${Prisma.raw(`"${name}Mean"`)},
    stddev_samp(${score}) ${SUCCEEDED} AS ${Prisma.raw(`"${name}Deviation"`)}`
}

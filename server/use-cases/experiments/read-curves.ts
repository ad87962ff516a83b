import { METRIC_NAMES } from '../../../contract/training.ts'
import { learnersOf } from '../../../experiments/pairing.ts'
import type { Database, Experiment } from '../../../prisma/client.ts'
import { AppError } from '../../errors.ts'
import { planOf } from './read-progress.ts'

/** The average learner of an arm over its seeds; source of the schema's ExperimentCurve. */
export interface ExperimentCurve {
  condition: string
  arm: string
  steps: number[]
  means: number[]
  /** Over the seeds; null where a step has one seed only. */
  deviations: (number | null)[]
  /** At each step, how many seeds are that far. */
  seeds: number[]
}

const MOST_POINTS = 100

interface PointRow {
  condition: string
  arm: string
  step: number
  mean: number
  deviation: number | null
  seeds: number
}

/**
 * An experiment's curves of one metric: the mean over an arm's learners, then mean and sample deviation over its seeds.
 * Longer ones are averaged over equal spans of steps.
 */
export async function readCurves(
  database: Database,
  experiment: Experiment,
  metric: string,
): Promise<ExperimentCurve[]> {
  if (!(METRIC_NAMES as readonly string[]).includes(metric))
    throw new AppError(
      'INVALID_INPUT',
      `There is no metric “${metric}”; choose one of ${METRIC_NAMES.join(', ')}.`,
      ['metric'],
    )
  const { arms } = planOf(experiment)
  const teachers = arms.flatMap(({ name, cohort }) =>
    learnersOf(cohort).length < cohort.students.length ? [name] : [],
  )
  const rows = await database.$queryRaw<PointRow[]>`
    WITH points AS (
      SELECT trial.condition, trial.arm, trial.seed, point.step, point.value
      FROM "ExperimentTrial" AS trial JOIN "MetricChunk" AS chunk ON chunk."runId" = trial."runId",
        unnest(chunk.steps, chunk."values") AS point (step, value)
      WHERE trial."experimentId" = ${experiment.id} AND chunk.name = ${metric}
        AND chunk.student >= CASE WHEN trial.arm = ANY (${teachers}) THEN 1 ELSE 0 END
        -- Neither NaN nor infinite.
        AND point.value BETWEEN -1e300 AND 1e300
    ), spans AS (
      SELECT *, step / GREATEST(1, ceil((SELECT max(step) FROM points) / ${MOST_POINTS}::float8))::int AS span FROM points
    ), perSeed AS (
      SELECT condition, arm, seed, span, max(step) AS step, avg(value) AS value
      FROM spans GROUP BY condition, arm, seed, span
    )
    SELECT condition, arm, max(step)::int AS step, avg(value) AS mean, stddev_samp(value) AS deviation,
      count(*)::int AS seeds
    FROM perSeed GROUP BY condition, arm, span ORDER BY condition, arm, span`
  return arms.flatMap(({ name }) => {
    const own = rows.filter(({ arm }) => arm === name)
    return [...new Set(own.map(({ condition }) => condition))].map((condition) =>
      curveOf(
        condition,
        name,
        own.filter((row) => row.condition === condition),
      ),
    )
  })
}

function curveOf(condition: string, arm: string, rows: PointRow[]): ExperimentCurve {
  return {
    condition,
    arm,
    steps: rows.map(({ step }) => step),
    means: rows.map(({ mean }) => mean),
    deviations: rows.map(({ deviation }) => deviation),
    seeds: rows.map(({ seeds }) => seeds),
  }
}

import { countStages } from '../../../contract/cohort.ts'
import { PackedDataset } from '../../../contract/packed/manifest.ts'
import type { Trial } from '../../../experiments/design/trials.ts'
import type { Database, DatasetVersion } from '../../../prisma/client.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { requireTrainable } from '../runs/insert-run.ts'
import { countPlaces } from './count-places.ts'
import { readDesign } from './read-design.ts'

export interface ExperimentEstimate {
  trials: number
  runs: number
  /** Null where no finished run says how long an architecture takes. */
  seconds: number | null
  /** What it is based on, or lacks. */
  basis: string
}

/** How long an experiment would take, from how long the team's finished runs took. */
export async function estimateExperiment(
  { database }: Services,
  actor: Actor | null,
  teamId: string,
  input: { datasetVersionId: string; experiment: unknown },
): Promise<ExperimentEstimate> {
  const version = await permit({ database, actor }, 'DatasetVersion', input.datasetVersionId, 'VIEWER')
  if (version.teamId !== teamId)
    throw new AppError('INVALID_INPUT', 'The dataset version is of another team.', ['datasetVersionId'])
  const { orders, conditions } = readDesign(input.experiment)
  for (const { recipe } of conditions) requireTrainable(version, recipe)
  const known = await readRates(database, version)
  const counts = { trials: orders.flat().length, runs: orders.length }
  const trainings = orders.flatMap(([trial]) => (trial ? [trial] : []))
  const unknown = trainings.flatMap(({ cohort }) =>
    cohort.students.map(({ architecture }) => architecture).filter((name) => !known.rates.has(name)),
  )[0]
  if (unknown !== undefined)
    return { ...counts, seconds: null, basis: `No finished run of the team has a ${unknown} yet.` }
  const images = PackedDataset.parse(version.manifest).splits.train.count
  const whole = trainings.reduce((sum, trial) => sum + secondsOf(trial, images, known.rates), 0)
  const places = Math.min(await countPlaces(database, teamId), orders.length)
  const many = known.runs === 1 ? 'one finished run' : `${known.runs} finished runs`
  const basis = `Based on ${many} of the team, ${places === 1 ? 'one run' : `${places} runs`} at a time.`
  return { ...counts, seconds: whole / places, basis }
}

function secondsOf({ cohort, recipe }: Trial, images: number, rates: Map<string, number>): number {
  const passes = recipe.epochs * images * countStages(cohort.teaching, false)
  return cohort.students.reduce((sum, { architecture }) => sum + passes * (rates.get(architecture) ?? 0), 0)
}

const NEWEST_RUNS = 100

/** Seconds that an image took each student of an architecture, from the newest runs; preferably of the same version. */
async function readRates(
  database: Database,
  { id, teamId }: DatasetVersion,
): Promise<{ rates: Map<string, number>; runs: number }> {
  const rows = await database.$queryRaw<
    { architecture: string; rate: number; runs: number; isSame: boolean }[]
  >`
    WITH newest AS (
      SELECT run.id, run."cohortId", run."datasetVersionId" = ${id} AS "isSame",
        run.steps * (run.recipe->>'batchSize')::float8 AS images,
        (SELECT sum(EXTRACT(EPOCH FROM "endedAt" - "startedAt")) FROM "RunAttempt" WHERE "runId" = run.id)::float8 AS seconds
      FROM "Run" AS run
      WHERE run."teamId" = ${teamId} AND run.status = 'SUCCEEDED' AND run.steps > 0
      ORDER BY run.number DESC LIMIT ${NEWEST_RUNS}
    )
    SELECT student.architecture, newest."isSame", count(DISTINCT newest.id)::int AS runs,
      avg(newest.seconds / newest.images
        / (SELECT count(*) FROM "Student" WHERE "cohortId" = newest."cohortId"))::float8 AS rate
    FROM newest JOIN "Student" AS student ON student."cohortId" = newest."cohortId"
    WHERE newest.seconds IS NOT NULL
    GROUP BY student.architecture, newest."isSame" ORDER BY newest."isSame"`
  // Those of the same version come last, and replace the others.
  const rates = new Map(rows.map(({ architecture, rate }) => [architecture, rate]))
  const used = rows.filter(({ isSame }) => isSame).length > 0 ? rows.filter(({ isSame }) => isSame) : rows
  return { rates, runs: Math.max(0, ...used.map(({ runs }) => runs)) }
}

import { z } from 'zod'
import { DEVICE_KINDS, type DeviceKind } from '../../../contract/devices.ts'
import { PackedDataset } from '../../../contract/packed/manifest.ts'
import { PRESET_NAMES } from '../../../contract/recipes/recipe-presets.ts'
import type { Database } from '../../../prisma/client.ts'
import { takesRuns } from '../../../runs/drains.ts'
import { notFound } from '../../errors.ts'
import { parseInput } from '../parse-input.ts'
import { resolveSentRecipe } from '../recipes/resolve-sent-recipe.ts'
import { requireTrainable } from '../runs/insert-run.ts'
import { estimateTraining } from './estimate-training.ts'
import { type ExpectedStart, expectStart } from './expect-start.ts'
import { readSpeeds } from './read-speeds.ts'
import { trainingOf } from './training-of.ts'

export interface RunEstimate {
  /** For each kind of device that is there, or else on which the team has trained these networks. */
  times: DeviceTime[]
  /** The first architecture that was not trained on any of them yet. */
  unmeasured: string | null
  start: ExpectedStart
}

interface DeviceTime {
  device: DeviceKind
  seconds: number
  runs: number
}

interface Wanted {
  cohortId: string
  datasetVersionId: string
  preset?: string | null
  recipe?: unknown
}

const Preset = z.object({ preset: z.enum(PRESET_NAMES) })

/** How long a run would take, and when it would start, before it is queued. */
export async function estimateRun(
  database: Database,
  teamId: string,
  { cohortId, datasetVersionId, recipe: overrides, ...wanted }: Wanted,
): Promise<RunEstimate> {
  const cohort = await database.cohort.findUnique({
    where: { id: cohortId },
    include: { students: { orderBy: { position: 'asc' } } },
  })
  if (cohort?.teamId !== teamId) throw notFound('cohort', ['cohortId'])
  const version = await database.datasetVersion.findUnique({ where: { id: datasetVersionId } })
  if (version?.teamId !== teamId) throw notFound('dataset version', ['datasetVersionId'])
  const { preset } = parseInput(Preset, { preset: wanted.preset ?? 'quick' })
  const recipe = resolveSentRecipe(preset, overrides)
  requireTrainable(version, recipe)
  const speeds = await readSpeeds(database, trainingOf(version, recipe))
  const architectures = cohort.students.map(({ architecture }) => architecture)
  const isTeacherFinished = cohort.students.some(({ finishedModelId }) => finishedModelId !== null)
  const { count: images } = PackedDataset.parse(version.manifest).splits.train
  const course = { architectures, method: cohort.method, isTeacherFinished, recipe, images }
  const devices = await readLiveDevices(database)
  const estimates = (devices.length > 0 ? devices : DEVICE_KINDS).map((device) => ({
    device,
    estimate: estimateTraining(speeds, device, course),
  }))
  const times = estimates.flatMap(({ device, estimate }) =>
    estimate.seconds === null ? [] : [{ device, seconds: estimate.seconds, runs: estimate.runs }],
  )
  const unknown = estimates.flatMap(({ estimate }) => (estimate.seconds === null ? [estimate.unknown] : []))
  const unmeasured = times.length > 0 ? null : (unknown[0] ?? null)
  return { times, unmeasured, start: await expectStart(database) }
}

async function readLiveDevices(database: Database): Promise<DeviceKind[]> {
  const rows = await database.$queryRaw<{ device: DeviceKind }[]>`
    SELECT DISTINCT device::text AS device FROM "Worker"
    WHERE ${takesRuns} ORDER BY device`
  return rows.map(({ device }) => device)
}

import { countStages } from '../../../contract/cohort.ts'
import { PackedDataset } from '../../../contract/packed/manifest.ts'
import { Recipe } from '../../../contract/recipes/recipe.ts'
import { HELD_STATUSES } from '../../../contract/runs/run-states.ts'
import type { Database, Prisma, Run } from '../../../prisma/client.ts'
import { takesRuns } from '../../../runs/drains.ts'
import { progressOf } from '../runs/run-progress.ts'
import { estimateTraining } from './estimate-training.ts'
import { readSpeeds, type Speeds } from './read-speeds.ts'
import { placesIn, startAfter } from './start-after.ts'
import { trainingOf } from './training-of.ts'

export interface ExpectedStart {
  /** Null where no worker is there, or where it is not known how long a run before it takes. */
  seconds: number | null
  /** Queued runs of all teams that were there before. */
  ahead: number
  hasWorker: boolean
}

/** So many queued runs are looked at; nobody can tell when a run after more of them starts. */
const MOST_AHEAD = 100
/** About the order in which workers take them; teams take turns, which this leaves out. */
const IN_TURN = [{ priority: 'desc' }, { createdAt: 'asc' }] satisfies Prisma.RunOrderByWithRelationInput[]

/**
 * When a run starts: once those held, and those queued before it, leave it a place.
 * @param queuedId  of a queued run; of one that was queued now, if omitted
 */
export async function expectStart(database: Database, queuedId?: string): Promise<ExpectedStart> {
  const queued = await database.run.findMany({
    where: { status: 'QUEUED' },
    orderBy: IN_TURN,
    select: { id: true, device: true, label: true },
  })
  const place = queued.findIndex(({ id }) => id === queuedId)
  const ahead = place < 0 ? queued.length : place
  const workers = await readTakers(database, queued[place] ?? { device: null, label: null })
  const capacity = workers.reduce((sum, worker) => sum + worker.capacity, 0)
  const hasWorker = capacity > 0
  if (!hasWorker || ahead > MOST_AHEAD) return { seconds: null, ahead, hasWorker }
  const speeds = new Map<string, Promise<Speeds>>()
  const workerName = { in: workers.map(({ name }) => name) }
  const held = await readRemaining(database, { status: { in: [...HELD_STATUSES] }, workerName }, speeds)
  const before = await readRemaining(database, { status: 'QUEUED' }, speeds)
  return { seconds: startAfter(placesIn(capacity, held), before.slice(0, ahead)), ahead, hasWorker }
}

/** The workers that may take a run: what others hold leaves it no place. */
function readTakers(
  database: Database,
  { device, label }: Pick<Run, 'device' | 'label'>,
): Promise<{ name: string; capacity: number }[]> {
  return database.$queryRaw`
    SELECT name, capacity FROM "Worker" WHERE ${takesRuns}
      AND (${device}::text IS NULL OR device::text = ${device}) AND (${label}::text IS NULL OR ${label} = ANY (labels))`
}

const WITH_COURSE = {
  datasetVersion: true,
  cohort: { include: { students: { orderBy: { position: 'asc' } } } },
} as const satisfies Prisma.RunInclude
type CourseRun = Prisma.RunGetPayload<{ include: typeof WITH_COURSE }>

/** Seconds that each run still takes, in about the order in which they start; null where nothing says it. */
async function readRemaining(
  database: Database,
  where: Prisma.RunWhereInput,
  speeds: Map<string, Promise<Speeds>>,
): Promise<(number | null)[]> {
  const runs = await database.run.findMany({
    where,
    orderBy: IN_TURN,
    include: WITH_COURSE,
    take: MOST_AHEAD,
  })
  return Promise.all(runs.map((run) => remainingOf(database, run, speeds)))
}

async function remainingOf(
  database: Database,
  run: CourseRun,
  speeds: Map<string, Promise<Speeds>>,
): Promise<number | null> {
  const { students, method } = run.cohort
  const isTeacherFinished = students.some(({ finishedModelId }) => finishedModelId !== null)
  const measured = progressOf(run, countStages({ method }, isTeacherFinished)).remainingSeconds
  if (measured !== null) return measured
  const recipe = Recipe.parse(run.recipe)
  const { count: images } = PackedDataset.parse(run.datasetVersion.manifest).splits.train
  const architectures = students.map(({ architecture }) => architecture)
  const training = trainingOf(run.datasetVersion, recipe)
  // Runs that wait together are often of one dataset.
  const key = `${training.versionId} ${training.height}x${training.width}`
  const known = speeds.get(key) ?? readSpeeds(database, training)
  speeds.set(key, known)
  return estimateTraining(await known, null, { architectures, method, isTeacherFinished, recipe, images })
    .seconds
}

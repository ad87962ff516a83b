import DataLoader from 'dataloader'
import type {
  Artifact,
  Checkpoint,
  Cohort,
  Database,
  Dataset,
  DatasetVersion,
  Ensemble,
  Export,
  Member,
  Model,
  ModelAlias,
  Run,
  RunAttempt,
  Student,
  Team,
  Upload,
  User,
} from '../../prisma/client.ts'
import type { Actor } from '../access/actor.ts'
import { readQueuePositions, readStudentNumbers, type StudentNumbers } from './run-numbers.ts'

/** What lists ask for again and again, gathered into one query a kind and level. */
export interface Loaders {
  team: DataLoader<string, Team>
  user: DataLoader<string, User>
  cohort: DataLoader<string, Cohort>
  student: DataLoader<string, Student>
  dataset: DataLoader<string, Dataset>
  datasetVersion: DataLoader<string, DatasetVersion>
  upload: DataLoader<string, Upload>
  /** The newest runs of a version, at most 100. */
  runNumbersOfVersion: DataLoader<string, number[]>
  run: DataLoader<string, Run>
  /** The actor's membership of a team. */
  membership: DataLoader<string, Member | null>
  membersOfTeam: DataLoader<string, Member[]>
  versionsOfDataset: DataLoader<string, DatasetVersion[]>
  studentsOfCohort: DataLoader<string, Student[]>
  model: DataLoader<string, Model>
  modelsOfRun: DataLoader<string, Model[]>
  attemptsOfRun: DataLoader<string, RunAttempt[]>
  checkpointsOfRun: DataLoader<string, Checkpoint[]>
  ensembleOfRun: DataLoader<string, Ensemble | null>
  /** Of a model or an ensemble, as the three below. */
  artifactsOf: DataLoader<string, Artifact[]>
  exportsOf: DataLoader<string, Export[]>
  aliasesOf: DataLoader<string, ModelAlias[]>
  /** A run's newest numbers, one entry a student's position. */
  numbersOfRun: DataLoader<string, Map<number, StudentNumbers>>
  queuePosition: DataLoader<string, number | null>
}

export function createLoaders(database: Database, actor: Actor | null): Loaders {
  const db = database
  return {
    team: byId((id) => db.team.findMany({ where: { id } })),
    user: byId((id) => db.user.findMany({ where: { id } })),
    cohort: byId((id) => db.cohort.findMany({ where: { id } })),
    student: byId((id) => db.student.findMany({ where: { id } })),
    dataset: byId((id) => db.dataset.findMany({ where: { id } })),
    datasetVersion: byId((id) => db.datasetVersion.findMany({ where: { id } })),
    upload: byId((id) => db.upload.findMany({ where: { id } })),
    runNumbersOfVersion: loader(async (versionIds) => {
      const numbers = await readRunNumbers(db, versionIds)
      return (versionId) => numbers.get(versionId) ?? []
    }),
    run: byId((id) => db.run.findMany({ where: { id } })),
    membership: oneBy(
      (teamId) => db.member.findMany({ where: { teamId, userId: actor?.userId ?? '' } }),
      (member) => member.teamId,
    ),
    membersOfTeam: groupedBy(
      (teamId) => db.member.findMany({ where: { teamId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] }),
      (member) => member.teamId,
    ),
    versionsOfDataset: groupedBy(
      (datasetId) => db.datasetVersion.findMany({ where: { datasetId }, orderBy: { number: 'desc' } }),
      (version) => version.datasetId,
    ),
    studentsOfCohort: groupedBy(
      (cohortId) => db.student.findMany({ where: { cohortId }, orderBy: { position: 'asc' } }),
      (student) => student.cohortId,
    ),
    model: byId((id) => db.model.findMany({ where: { id } })),
    modelsOfRun: groupedBy(
      (runId) => db.model.findMany({ where: { runId }, orderBy: { student: { position: 'asc' } } }),
      (model) => model.runId,
    ),
    attemptsOfRun: groupedBy(
      (runId) => db.runAttempt.findMany({ where: { runId }, orderBy: { number: 'desc' } }),
      (attempt) => attempt.runId,
    ),
    checkpointsOfRun: groupedBy(
      (runId) => db.checkpoint.findMany({ where: { runId }, orderBy: { step: 'desc' } }),
      (checkpoint) => checkpoint.runId,
    ),
    ensembleOfRun: oneBy(
      (runId) => db.ensemble.findMany({ where: { runId } }),
      (ensemble) => ensemble.runId,
    ),
    artifactsOf: groupedBy(
      (ids) => db.artifact.findMany({ where: ofTrained(ids), orderBy: { format: 'asc' } }),
      trainedIdOf,
    ),
    exportsOf: groupedBy(
      (ids) => db.export.findMany({ where: ofTrained(ids), orderBy: { id: 'desc' } }),
      trainedIdOf,
    ),
    aliasesOf: groupedBy(
      (ids) => db.modelAlias.findMany({ where: ofTrained(ids), orderBy: { name: 'asc' } }),
      trainedIdOf,
    ),
    numbersOfRun: loader(async (runIds) => {
      const numbers = await readStudentNumbers(db, runIds)
      return (runId) => numbers.get(runId) ?? new Map()
    }),
    queuePosition: loader(async (runIds) => {
      const positions = await readQueuePositions(db, runIds)
      return (runId) => positions.get(runId) ?? null
    }),
  }
}

type Keys = { in: string[] }

/** Rows of models and of ensembles at once: an id is of one kind only. */
function ofTrained(ids: Keys) {
  return { OR: [{ modelId: ids }, { ensembleId: ids }] }
}

function trainedIdOf(row: { modelId: string | null; ensembleId: string | null }): string {
  return (row.modelId ?? row.ensembleId)!
}

/** Gathers, but keeps nothing: a subscription's context lives long, and a mutation's reads follow its writes. */
function loader<Value>(read: (keys: string[]) => Promise<(key: string) => Value>): DataLoader<string, Value> {
  const batch = async (keys: readonly string[]) => {
    const pick = await read([...new Set(keys)])
    return keys.map(pick)
  }
  return new DataLoader(batch, { cache: false })
}

function byId<Row extends { id: string }>(read: (ids: Keys) => Promise<Row[]>): DataLoader<string, Row> {
  return loader(async (ids) => {
    const rows = new Map((await read({ in: ids })).map((row) => [row.id, row]))
    return (id) => {
      const row = rows.get(id)
      if (!row) throw new Error(`there is no row ${id}, though another one refers to it`)
      return row
    }
  })
}

function oneBy<Row>(
  read: (keys: Keys) => Promise<Row[]>,
  keyOf: (row: Row) => string,
): DataLoader<string, Row | null> {
  return loader(async (keys) => {
    const rows = new Map((await read({ in: keys })).map((row) => [keyOf(row), row]))
    return (key) => rows.get(key) ?? null
  })
}

function groupedBy<Row>(
  read: (keys: Keys) => Promise<Row[]>,
  keyOf: (row: Row) => string,
): DataLoader<string, Row[]> {
  return loader(async (keys) => {
    const groups = new Map<string, Row[]>()
    for (const row of await read({ in: keys })) {
      const group = groups.get(keyOf(row))
      if (group) group.push(row)
      else groups.set(keyOf(row), [row])
    }
    return (key) => groups.get(key) ?? []
  })
}

const MAX_RUN_NUMBERS = 100

async function readRunNumbers(db: Database, versionIds: string[]): Promise<Map<string, number[]>> {
  const rows = await db.$queryRaw<{ id: string; numbers: number[] }[]>`
    SELECT v.id, ARRAY(
      SELECT r.number FROM "Run" r WHERE r."datasetVersionId" = v.id ORDER BY r.number DESC LIMIT ${MAX_RUN_NUMBERS}
    ) AS numbers
    FROM "DatasetVersion" v WHERE v.id = ANY(${versionIds})`
  return new Map(rows.map(({ id, numbers }) => [id, numbers]))
}

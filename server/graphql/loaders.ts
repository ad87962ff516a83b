import type DataLoader from 'dataloader'
import type {
  Artifact,
  Checkpoint,
  Cohort,
  Database,
  Dataset,
  DatasetVersion,
  Ensemble,
  Experiment,
  Export,
  Member,
  Model,
  ModelAlias,
  Run,
  RunAttempt,
  RunFollower,
  Student,
  Team,
  TeamEvent,
  Upload,
  User,
  WebhookAttempt,
} from '../../prisma/client.ts'
import { readTurns, type Turn } from '../../runs/turns.ts'
import type { Actor } from '../access/actor.ts'
import { readRunNumbers } from '../use-cases/datasets/read-run-numbers.ts'
import type { StoredBytes } from '../use-cases/instance/read-stored-bytes.ts'
import { type Quota, readQuotas } from '../use-cases/quotas/read-quotas.ts'
import { readStoredBytesOf } from '../use-cases/quotas/read-stored-bytes.ts'
import { readStudentNumbers, type StudentNumbers } from '../use-cases/runs/read-student-numbers.ts'
import { type RunCost, readCosts } from '../use-cases/workers/read-run-costs.ts'
import { byId, groupedBy, type KeyFilter, loader, oneBy } from './batching.ts'

/** What lists ask for again and again, gathered into one query a kind and level. */
export interface Loaders {
  team: DataLoader<string, Team>
  user: DataLoader<string, User>
  /** Of what may be gone: null then. */
  knownTeam: DataLoader<string, Team | null>
  knownUser: DataLoader<string, User | null>
  cohort: DataLoader<string, Cohort>
  student: DataLoader<string, Student>
  dataset: DataLoader<string, Dataset>
  datasetVersion: DataLoader<string, DatasetVersion>
  upload: DataLoader<string, Upload>
  /** The newest runs of a version, at most 100. */
  runNumbersOfVersion: DataLoader<string, number[]>
  run: DataLoader<string, Run>
  experiment: DataLoader<string, Experiment>
  /** The actor's membership of a team. */
  membership: DataLoader<string, Member | null>
  membersOfTeam: DataLoader<string, Member[]>
  quotasOfTeam: DataLoader<string, Quota[]>
  costOfRun: DataLoader<string, RunCost>
  storedOfTeam: DataLoader<string, StoredBytes>
  /** By a run: that the actor waits for its end. */
  followed: DataLoader<string, RunFollower | null>
  teamEvent: DataLoader<string, TeamEvent>
  attemptsOfDelivery: DataLoader<string, WebhookAttempt[]>
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
  /** Of a run that waits; null where it is QUEUED no more. */
  turn: DataLoader<string, Turn | null>
}

export function createLoaders(db: Database, actor: Actor | null): Loaders {
  return {
    team: byId((id) => db.team.findMany({ where: { id } })),
    user: byId((id) => db.user.findMany({ where: { id } })),
    knownTeam: oneBy(
      (id) => db.team.findMany({ where: { id } }),
      (team) => team.id,
    ),
    knownUser: oneBy(
      (id) => db.user.findMany({ where: { id } }),
      (user) => user.id,
    ),
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
    experiment: byId((id) => db.experiment.findMany({ where: { id } })),
    membership: oneBy(
      (teamId) => db.member.findMany({ where: { teamId, userId: actor?.userId ?? '' } }),
      (member) => member.teamId,
    ),
    membersOfTeam: groupedBy(
      (teamId) =>
        db.member.findMany({
          where: { teamId, user: { isServiceAccount: false } },
          orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        }),
      (member) => member.teamId,
    ),
    quotasOfTeam: loader(async (teamIds) => {
      const teams = await db.team.findMany({ where: { id: { in: teamIds } } })
      const quotas = await readQuotas(db, teams)
      return (teamId) => quotas.get(teamId) ?? []
    }),
    costOfRun: loader((runIds) => readCosts(db, runIds)),
    storedOfTeam: loader((teamIds) => readStoredBytesOf(db, teamIds)),
    followed: oneBy(
      (runId) => db.runFollower.findMany({ where: { runId, userId: actor?.userId ?? '' } }),
      (follower) => follower.runId,
    ),
    teamEvent: byId((id) => db.teamEvent.findMany({ where: { id } })),
    attemptsOfDelivery: groupedBy(
      (deliveryId) => db.webhookAttempt.findMany({ where: { deliveryId }, orderBy: { number: 'asc' } }),
      (attempt) => attempt.deliveryId,
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
    turn: loader(async (runIds) => {
      const turns = await readTurns(db, runIds)
      return (runId) => turns.get(runId) ?? null
    }),
  }
}

/** Rows of models and of ensembles at once: an id is of one kind only. */
function ofTrained(ids: KeyFilter) {
  return { OR: [{ modelId: ids }, { ensembleId: ids }] }
}

function trainedIdOf(row: { modelId: string | null; ensembleId: string | null }): string {
  const id = row.modelId ?? row.ensembleId
  if (id === null) throw new Error('a row refers to neither a model nor an ensemble')
  return id
}

import { typeOfId } from '../../contract/ids.ts'
import type * as rows from '../../prisma/client.ts'
import { noteSeen } from '../audit/trail.ts'
import { AppError, notFound } from '../errors.ts'
import { type Actor, mayActAs, requireActor, roleIn } from './actor.ts'

/** A model or an ensemble, with its files. */
export type TrainedModelRow = (rows.Model | rows.Ensemble) & { artifacts: rows.Artifact[] }

/** What belongs to a team, and the row that each kind of it is. */
interface Rows {
  Team: rows.Team
  Member: rows.Member
  Invitation: rows.Invitation
  ShareLink: rows.ShareLink
  ApiKey: rows.ApiKey
  ServiceAccount: rows.ServiceAccount
  Upload: rows.Upload
  GivenWeights: rows.GivenWeights
  Dataset: rows.Dataset
  DatasetVersion: rows.DatasetVersion
  Cohort: rows.Cohort
  Student: rows.Student
  Run: rows.Run
  Experiment: rows.Experiment
  RunView: rows.RunView
  Model: rows.Model
  Ensemble: rows.Ensemble
  TrainedModel: TrainedModelRow
  Export: rows.Export
  Artifact: rows.Artifact
  Webhook: rows.Webhook
  WebhookDelivery: rows.WebhookDelivery
}

export type Kind = keyof Rows

interface Lookup<Row> {
  /** As in the glossary, for messages. */
  noun: string
  /** The field of an input that usually holds its id. */
  field: string
  find: (database: rows.Database, id: string) => Promise<Row | null>
}

const LOOKUPS: { [K in Kind]: Lookup<Rows[K]> } = {
  Team: { noun: 'team', field: 'teamId', find: (db, id) => db.team.findUnique({ where: { id } }) },
  Member: {
    noun: 'member',
    field: 'memberId',
    // A service account is no person: it is neither removed nor made an owner, but deleted.
    find: (db, id) => db.member.findUnique({ where: { id, user: { isServiceAccount: false } } }),
  },
  Invitation: {
    noun: 'invitation',
    field: 'invitationId',
    find: (db, id) => db.invitation.findUnique({ where: { id } }),
  },
  ShareLink: {
    noun: 'shared link',
    field: 'shareLinkId',
    find: (db, id) => db.shareLink.findUnique({ where: { id } }),
  },
  ApiKey: { noun: 'API key', field: 'apiKeyId', find: (db, id) => db.apiKey.findUnique({ where: { id } }) },
  ServiceAccount: {
    noun: 'service account',
    field: 'serviceAccountId',
    find: (db, id) => db.serviceAccount.findUnique({ where: { id, deletedAt: null } }),
  },
  Upload: { noun: 'upload', field: 'uploadId', find: (db, id) => db.upload.findUnique({ where: { id } }) },
  GivenWeights: {
    noun: 'file of weights',
    field: 'givenWeightsId',
    find: (db, id) => db.givenWeights.findUnique({ where: { id } }),
  },
  Dataset: {
    noun: 'dataset',
    field: 'datasetId',
    find: (db, id) => db.dataset.findUnique({ where: { id } }),
  },
  DatasetVersion: {
    noun: 'dataset version',
    field: 'datasetVersionId',
    find: (db, id) => db.datasetVersion.findUnique({ where: { id } }),
  },
  Cohort: { noun: 'cohort', field: 'cohortId', find: (db, id) => db.cohort.findUnique({ where: { id } }) },
  Student: {
    noun: 'student',
    field: 'studentId',
    find: (db, id) => db.student.findUnique({ where: { id } }),
  },
  Experiment: {
    noun: 'experiment',
    field: 'experimentId',
    find: (db, id) => db.experiment.findUnique({ where: { id } }),
  },
  Run: { noun: 'run', field: 'runId', find: (db, id) => db.run.findUnique({ where: { id } }) },
  RunView: {
    noun: 'saved view',
    field: 'runViewId',
    find: (db, id) => db.runView.findUnique({ where: { id } }),
  },
  Model: { noun: 'model', field: 'modelId', find: (db, id) => db.model.findUnique({ where: { id } }) },
  Ensemble: {
    noun: 'ensemble',
    field: 'ensembleId',
    find: (db, id) => db.ensemble.findUnique({ where: { id } }),
  },
  TrainedModel: { noun: 'model or ensemble', field: 'id', find: findTrainedModel },
  Export: { noun: 'export', field: 'exportId', find: (db, id) => db.export.findUnique({ where: { id } }) },
  Artifact: {
    noun: 'artifact',
    field: 'artifactId',
    find: (db, id) => db.artifact.findUnique({ where: { id } }),
  },
  Webhook: {
    noun: 'webhook',
    field: 'webhookId',
    find: (db, id) => db.webhook.findUnique({ where: { id } }),
  },
  WebhookDelivery: {
    noun: 'delivery',
    field: 'webhookDeliveryId',
    find: (db, id) => db.webhookDelivery.findUnique({ where: { id } }),
  },
}

async function findTrainedModel(database: rows.Database, id: string): Promise<TrainedModelRow | null> {
  const query = { where: { id }, include: { artifacts: true } }
  if (typeOfId(id) === 'Model') return database.model.findUnique(query)
  if (typeOfId(id) === 'Ensemble') return database.ensemble.findUnique(query)
  return null
}

/** Who asks, and where to look. */
export interface Asker {
  database: rows.Database
  actor: Actor | null
}

/**
 * The row of a thing to whose team the actor belongs, in this role or a higher one.
 * @param field  of the input that holds the id, where it is not the usual one
 * @throws AppError UNAUTHENTICATED, FORBIDDEN, or NOT_FOUND: the same for a missing thing and for another team's
 */
export async function permit<K extends Kind>(
  { database, actor }: Asker,
  kind: K,
  id: string,
  atLeast: rows.Role,
  field: string = LOOKUPS[kind].field,
): Promise<Rows[K]> {
  const present = requireActor(actor)
  const { row, role } = await look({ database, actor: present }, kind, id)
  if (!row || !role) throw notFound(LOOKUPS[kind].noun, [field])
  noteSeen(kind, row)
  if (mayActAs(role, atLeast)) {
    if (atLeast !== 'VIEWER') await refuseWhereDeleted(database, row)
    return row
  }
  const who = present.kind === 'apiKey' ? `An API key that acts as ${role}` : `A ${role}`
  throw new AppError('FORBIDDEN', `${who} may not do this; it takes a team’s ${atLeast}.`)
}

/** In its last day a team is only looked at, downloaded from, left, and kept after all. */
async function refuseWhereDeleted(database: rows.Database, row: Rows[Kind]): Promise<void> {
  const team = 'teamId' in row ? await database.team.findUnique({ where: { id: row.teamId } }) : row
  if (!team?.deletionDueAt) return
  const message = `The team ${team.name} is deleted on ${team.deletionDueAt.toISOString()}, and does not change until then. An owner can keep it.`
  throw new AppError('CONFLICT', message)
}

/** As `permit`, but null wherever it throws: for answers that must not tell why there is nothing to see. */
export async function findPermitted<K extends Kind>(
  asker: Asker,
  kind: K,
  id: string,
  atLeast: rows.Role,
): Promise<Rows[K] | null> {
  const { row, role } = await look(asker, kind, id)
  return row && role && mayActAs(role, atLeast) ? row : null
}

async function look<K extends Kind>({ database, actor }: Asker, kind: K, id: string) {
  if (!actor) return { row: null, role: null }
  const row = await LOOKUPS[kind].find(database, id)
  const role = row && (await roleIn(database, actor, 'teamId' in row ? row.teamId : row.id))
  return { row, role }
}

import { ID_PREFIXES, type IdType, typeOfId } from '../../contract/ids.ts'
import { toStorable } from '../../contract/text.ts'

/** What something was done to; the ids of a person, `User`, and of a worker have no prefix. */
export type SubjectType = IdType | 'User' | 'Worker'

export interface Subject {
  type: SubjectType
  id: string
  /** As it was called then; null where it has no name, or, for a person, where it is read from the person. */
  name: string | null
  /** Of its page, behind the team's. */
  path: string | null
}

const MAX_NAME_LENGTH = 320

// biome-ignore lint/suspicious/noExplicitAny: rows of every table, of which this file knows the columns.
type Row = any

const NAMES: Partial<Record<SubjectType, (row: Row) => string | null>> = {
  Upload: ({ fileName }) => fileName,
  Artifact: ({ fileName }) => fileName,
  DatasetVersion: ({ number }) => `version ${number}`,
  Run: ({ number, name }) => (name ? `run ${number}, ${name}` : `run ${number}`),
  Experiment: ({ number, title }) => `experiment ${number}, ${title}`,
  // Addresses of people, who may ask for them to be forgotten, which this log does not.
  Invitation: () => null,
  Mail: () => null,
  Export: ({ format }) => format,
  Webhook: ({ url }) => new URL(url).host,
  WebhookDelivery: ({ eventName }) => eventName,
}

const PATHS: Partial<Record<SubjectType, (row: Row) => string>> = {
  Team: () => '',
  Run: ({ number }) => `runs/${number}`,
  Experiment: ({ number }) => `experiments/${number}`,
  Dataset: ({ id }) => `datasets/${id}`,
  DatasetVersion: ({ datasetId }) => `datasets/${datasetId}`,
  GivenWeights: ({ id }) => `weights/${id}`,
  Cohort: ({ id }) => `cohorts/${id}`,
  Model: ({ id }) => `models/${id}`,
  Ensemble: ({ id }) => `models/${id}`,
  Invitation: () => 'members',
  User: () => 'members',
  ApiKey: () => 'settings',
  Webhook: ({ id }) => `settings/webhooks/${id}`,
  WebhookDelivery: ({ webhookId }) => `settings/webhooks/${webhookId}`,
  ShareLink: () => 'settings',
  ServiceAccount: () => 'settings',
}

/** What a row is, for the log; a membership stands for its person. */
export function subjectOf(type: SubjectType | 'Member' | 'TrainedModel', row: Row): Subject {
  if (type === 'Member') return { type: 'User', id: row.userId, name: null, path: 'members' }
  const own = type === 'TrainedModel' ? (typeOfId(row.id) ?? 'Model') : type
  const name = (NAMES[own] ?? ((named: Row) => named.name ?? null))(row)
  return {
    type: own,
    id: row.id,
    name: name === null ? null : toStorable(name, MAX_NAME_LENGTH),
    path: PATHS[own]?.(row) ?? null,
  }
}

/** What an input names by an id that is one, whether there is such a thing or not. */
export function subjectNamed(id: unknown): Subject | null {
  const type = typeof id === 'string' ? typeOfId(id) : undefined
  return type && typeof id === 'string' ? { type, id, name: null, path: null } : null
}

/** The rows of a type among what a transaction or a mutation gives back: itself, in a list, or under a name. */
export function rowsIn(type: SubjectType, result: unknown): Row[] {
  const prefix = type === 'User' || type === 'Worker' ? undefined : `${ID_PREFIXES[type]}_`
  const isRow = (value: unknown): value is { id: string } =>
    typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
  const isOfType = (value: unknown) => isRow(value) && prefix !== undefined && value.id.startsWith(prefix)
  if (typeof result !== 'object' || result === null) return []
  if (isOfType(result)) return [result]
  return Object.values(result)
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .filter(isOfType)
}

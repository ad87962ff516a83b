import {
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql'
import { type IdType as AnyIdType, ID_PREFIXES } from '../../../contract/ids.ts'
import { insertExperiment } from '../experiment-rows.ts'
import { insertFinishedRun } from '../rows.ts'
import type { Person, TestServer } from '../test-server.ts'

/** Mails are the instance's, and no team's. */
export type IdType = Exclude<AnyIdType, 'Mail'>

/** One of everything that a team can have. @returns the ids, by type */
export async function insertEverything(server: TestServer, owner: Person): Promise<Record<IdType, string>> {
  const made = await insertFinishedRun(server.database, server.storage, owner)
  const { apiKey } = await owner.api.mutate(
    'createApiKey',
    { teamId: owner.teamId, name: 'k' },
    'apiKey { id }',
  )
  const { invitation } = await owner.api.mutate(
    'createInvitation',
    { teamId: owner.teamId, role: 'VIEWER' },
    'invitation { id }',
  )
  const member = await server.database.member.findFirstOrThrow({ where: { teamId: owner.teamId } })
  return {
    Team: owner.teamId,
    Member: member.id,
    Invitation: invitation.id,
    ApiKey: apiKey.id,
    Upload: made.uploadId,
    Dataset: made.datasetId,
    DatasetVersion: made.versionId,
    Cohort: made.cohortId,
    Student: made.studentIds[0]!,
    Run: made.runId,
    Experiment: await insertExperiment(server.database, owner, made),
    Model: made.modelId,
    Ensemble: made.ensembleId,
    Artifact: made.artifactId,
    Export: made.exportId,
  }
}

const NAMES: Record<string, IdType> = { id: 'Model', datasetVersionChanged: 'DatasetVersion' }

/** The type that an argument's name says: `cohortId` is a Cohort's. */
export function typeNamed(name: string, of: string): IdType {
  const type = NAMES[of] ?? NAMES[name] ?? ((name[0]!.toUpperCase() + name.slice(1, -2)) as IdType)
  if (!(type in ID_PREFIXES)) throw new Error(`what does ${of}.${name} name?`)
  return type
}

export type PickId = (type: IdType) => string

const VALUES: Record<string, unknown> = {
  sha256: 'b'.repeat(64),
  architecture: 'resnet-8',
  preset: 'quick',
  format: 'TFJS',
  role: 'VIEWER',
}

/** An input that would be good, were it not for its ids. */
export function inputFor(type: GraphQLInputObjectType, of: string, pick: PickId): object {
  const fields = Object.values(type.getFields()).filter(({ type }) => isNonNullType(type))
  return Object.fromEntries(fields.map(({ name, type }) => [name, valueFor(name, type, of, pick)]))
}

function valueFor(name: string, type: GraphQLInputType, of: string, pick: PickId): unknown {
  const bare = isNonNullType(type) ? type.ofType : type
  if (isListType(bare) && getNamedType(bare).name === 'Int') return [1]
  if (isListType(bare)) return ['a', 'b'].map((student) => ({ name: student, architecture: 'resnet-8' }))
  const named = getNamedType(bare)
  if (named.name === 'ID') return pick(typeNamed(name, of))
  if (name in VALUES) return VALUES[name]
  if (isInputObjectType(named)) return inputFor(named, of, pick)
  if (isEnumType(named)) return named.getValues()[0]!.name
  return named.name === 'String' ? 'something' : 1
}

/** Which ids a mutation takes; `createTeam` takes none. */
export function idsOf(mutation: GraphQLField<unknown, unknown>): string[] {
  const input = getNamedType(mutation.args[0]!.type) as GraphQLInputObjectType
  return Object.values(input.getFields())
    .filter((field) => getNamedType(field.type).name === 'ID')
    .map((field) => field.name)
}

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
import { ID_PREFIXES } from '../../../contract/ids.ts'
import type { TeamIdType } from './everything.ts'

/** Inputs of mutations, made from the schema. */
const NAMES: Record<string, TeamIdType> = {
  id: 'Model',
  subjectId: 'Run',
  of: 'Run',
  actorId: 'Member',
  // Of no team, and without a prefix.
  userId: 'Member',
  datasetVersionChanged: 'DatasetVersion',
}

/** The type that an argument's name says: `cohortId` is a Cohort's, `runIds` and `sourceRunId` are runs'. */
export function typeNamed(name: string, of: string): TeamIdType {
  const noun = name.replace(/^source|Ids?$/g, '')
  const type = NAMES[of] ?? NAMES[name] ?? ((noun[0]!.toUpperCase() + noun.slice(1)) as TeamIdType)
  if (!(type in ID_PREFIXES)) throw new Error(`what does ${of}.${name} name?`)
  return type
}

export type PickId = (type: TeamIdType) => string

const VALUES: Record<string, unknown> = {
  sha256: 'b'.repeat(64),
  architecture: 'resnet-8',
  preset: 'quick',
  format: 'TFJS',
  role: 'VIEWER',
  isAdministrator: true,
  url: 'https://hooks.example.org/',
}

/** An input that would be good, were it not for its ids. */
export function inputFor(type: GraphQLInputObjectType, of: string, pick: PickId): object {
  const isGiven = (wanted: GraphQLInputType) => isNonNullType(wanted) || getNamedType(wanted).name === 'ID'
  const fields = Object.values(type.getFields()).filter(({ type }) => isGiven(type))
  return Object.fromEntries(fields.map(({ name, type }) => [name, valueFor(name, type, of, pick)]))
}

function valueFor(name: string, type: GraphQLInputType, of: string, pick: PickId): unknown {
  const bare = isNonNullType(type) ? type.ofType : type
  if (isListType(bare) && getNamedType(bare).name === 'Int') return [1]
  if (isListType(bare) && isEnumType(getNamedType(bare))) return [valueFor(name, bare.ofType, of, pick)]
  if (isListType(bare) && getNamedType(bare).name === 'ID') return [pick(typeNamed(name, of))]
  if (isListType(bare)) return ['a', 'b'].map((student) => ({ name: student, architecture: 'resnet-8' }))
  const named = getNamedType(bare)
  if (named.name === 'ID') return pick(typeNamed(name, of))
  if (name in VALUES) return VALUES[name]
  if (isInputObjectType(named)) return inputFor(named, of, pick)
  if (isEnumType(named)) return named.getValues()[0]!.name
  return named.name === 'String' ? 'something' : 1
}

/** Which ids of a team's things a mutation takes; `createTeam` takes none. */
export function idsOf(mutation: GraphQLField<unknown, unknown>): string[] {
  const input = getNamedType(mutation.args[0]!.type) as GraphQLInputObjectType
  return Object.values(input.getFields())
    .filter(({ name, type }) => getNamedType(type).name === 'ID' && name !== 'userId')
    .map((field) => field.name)
}

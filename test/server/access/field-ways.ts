import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isCompositeType,
  isEnumType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import type { createSchema } from '../../../server/graphql/schema.ts'

type Schema = ReturnType<typeof createSchema>
type Field = GraphQLField<unknown, unknown>

/** How an object of a type is come by: a selection around its fields, and the fields that lead to it. */
export interface Way {
  type: GraphQLObjectType
  before: string
  after: string
  /** `Team.members`, for one; those of the Query are left out. */
  through: string[]
  /** Names of fields, below the first. */
  steps: string[]
  /** The first field of the operation; empty for the Query itself. */
  entry: string
}

/** One field, as a selection of an operation. */
export interface AskedField {
  name: string
  way: Way
  selection: string
  responseKey: string
}

/** A value of an argument that a field cannot do without, as it is written. */
export type WriteArgument = (argument: string, field: string) => string

/** The shortest way to every object type that begins at one of these. */
export function findWays(entries: Way[], write: WriteArgument): Map<string, Way> {
  const ways = new Map(entries.map((way) => [way.type.name, way]))
  const open = [...entries]
  for (let way = open.shift(); way; way = open.shift()) {
    for (const field of Object.values(way.type.getFields())) {
      const type = getNamedType(field.type)
      if (way.entry === '' || !isObjectType(type) || ways.has(type.name)) continue
      const found: Way = {
        type,
        before: `${way.before} ${field.name}${argumentsOf(field, way.type.name, write)} {`,
        after: `}${way.after}`,
        through: [...way.through, `${way.type.name}.${field.name}`],
        steps: [...way.steps, field.name],
        entry: way.entry,
      }
      ways.set(type.name, found)
      open.push(found)
    }
  }
  return ways
}

/** Every field of a type, with what it cannot do without, and of what it leads to as much as tells whether it is there. */
export function fieldsOf(way: Way, write: WriteArgument): AskedField[] {
  return Object.values(way.type.getFields()).map((field) => ({
    name: `${way.type.name}.${field.name}`,
    way,
    selection: `${field.name}${argumentsOf(field, way.type.name, write)}${leavesOf(field)}`,
    responseKey: field.name,
  }))
}

function leavesOf(field: Field): string {
  const type = getNamedType(field.type)
  if (!isCompositeType(type)) return ''
  return type.name.endsWith('Connection') ? ' { nodes { __typename } }' : ' { __typename }'
}

function argumentsOf(field: Field, of: string, write: WriteArgument): string {
  const needed = field.args.filter(({ type, defaultValue }) => isNonNullType(type) && defaultValue === undefined)
  const written = needed.map((argument) => {
    const type = getNamedType(argument.type)
    const value = isEnumType(type) ? type.getValues()[0]!.name : write(argument.name, `${of}.${field.name}`)
    return `${argument.name}: ${isEnumType(type) && /^\[/.test(String(argument.type)) ? `[${value}]` : value}`
  })
  // Small pages: what is asked below them costs by their size.
  if (field.args.some(({ name }) => name === 'first')) written.push('first: 2')
  return written.length > 0 ? `(${written.join(', ')})` : ''
}

/** Object types that no operation of the Query leads to. */
export function typesWithoutWay(schema: Schema, ways: Map<string, Way>): string[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
    .map(({ name }) => name)
    .filter((name) => !ways.has(name) && !/Payload$|^(Mutation|Subscription)$/.test(name))
}

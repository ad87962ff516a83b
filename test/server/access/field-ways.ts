import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isNonNullType,
  isObjectType,
} from 'graphql'

type Field = GraphQLField<unknown, unknown>

/** How an object of a type is come by: a selection around its fields, and the fields that lead to it. */
export interface Way {
  type: GraphQLObjectType
  before: string
  after: string
  /** `Team.members`, for one. */
  through: string[]
  /** Names of fields, below the first of the operation. */
  steps: string[]
}

/** Fields that are asked for together, and the type that they are of. */
export interface Asked {
  way: Way
  selections: { name: string; key: string; text: string }[]
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
      if (!isObjectType(type) || ways.has(type.name)) continue
      const found: Way = {
        type,
        before: `${way.before} ${field.name}${argumentsOf(field, way.type.name, write)} {`,
        after: `}${way.after}`,
        through: [...way.through, `${way.type.name}.${field.name}`],
        // A field of the Query has its answer where its alias is.
        steps: way.type.name === 'Query' ? [] : [...way.steps, field.name],
      }
      ways.set(type.name, found)
      open.push(found)
    }
  }
  return ways
}

/**
 * Every field of a type, with what it cannot do without, and of what it leads to as much as tells whether it is there.
 * What takes arguments is asked for by itself: it may be refused, and take what stands beside it along.
 */
export function askFor(way: Way, write: WriteArgument): Asked[] {
  const selections = Object.values(way.type.getFields()).map((field) => ({
    name: `${way.type.name}.${field.name}`,
    key: field.name,
    text: `${field.name}${argumentsOf(field, way.type.name, write)}${leavesOf(field)}`,
    isAlone: field.args.length > 0 || way.type.name === 'Query',
  }))
  const together = selections.filter(({ isAlone }) => !isAlone)
  const alone = selections.filter(({ isAlone }) => isAlone)
  return [together, ...alone.map((one) => [one])]
    .filter((some) => some.length > 0)
    .map((some) => ({ way, selections: some }))
}

/** Questions with an id each, for every place where a field of a type takes one. */
export function askWithIds(way: Way, write: WriteArgument): { name: string; text: string }[] {
  return Object.values(way.type.getFields()).flatMap((field) =>
    field.args.flatMap((argument) => {
      const of = `${way.type.name}.${field.name}`
      const others = argumentsOf(
        { ...field, args: field.args.filter((each) => each !== argument) },
        way.type.name,
        write,
      ).slice(1, -1)
      return placesOf(argument, of, write).map((place) => {
        const text = `${field.name}(${[place, others].filter(Boolean).join(', ')})${leavesOf(field)}`
        return {
          name: `${of}: ${place.replace(/"[^"]*"/g, '…')}`,
          text: `${way.before} ${text} ${way.after}`,
        }
      })
    }),
  )
}

function placesOf({ name, type }: GraphQLArgument, of: string, write: WriteArgument): string[] {
  const named = getNamedType(type)
  if (named.name === 'ID') return [`${name}: ${write(name, of)}`]
  if (!isInputObjectType(named)) return []
  const inner = Object.values(named.getFields()).filter((field) => getNamedType(field.type).name === 'ID')
  return inner.map((field) => `${name}: {${field.name}: ${write(field.name, of)}}`)
}

function leavesOf(field: Field): string {
  const type = getNamedType(field.type)
  if (!isCompositeType(type)) return ''
  return type.name.endsWith('Connection') ? ' { nodes { __typename } }' : ' { __typename }'
}

function argumentsOf(field: Pick<Field, 'name' | 'args'>, of: string, write: WriteArgument): string {
  const needed = field.args.filter(
    ({ type, defaultValue }) => isNonNullType(type) && defaultValue === undefined,
  )
  const written = needed.map((argument) => {
    const type = getNamedType(argument.type)
    return `${argument.name}: ${isEnumType(type) ? type.getValues()[0]!.name : write(argument.name, `${of}.${field.name}`)}`
  })
  // Small pages: what is asked below them costs by their size.
  if (field.args.some(({ name }) => name === 'first')) written.push('first: 2')
  return written.length > 0 ? `(${written.join(', ')})` : ''
}

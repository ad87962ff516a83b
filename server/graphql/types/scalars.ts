import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql'

export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  serialize: (value) => (value instanceof Date ? value : new Date(String(value))).toISOString(),
  parseValue: (value) => toDate(value),
  parseLiteral: (node) => toDate(node.kind === Kind.STRING ? node.value : undefined),
})

function toDate(value: unknown): Date {
  const date = typeof value === 'string' ? new Date(value) : undefined
  if (!date || Number.isNaN(date.getTime())) throw new GraphQLError('A DateTime is written as in ISO 8601.')
  return date
}

export const JSONValue = new GraphQLScalarType({
  name: 'JSON',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
})

export const Bytes = new GraphQLScalarType<number, number>({
  name: 'Bytes',
  serialize: (value) => Number(value),
  parseValue: (value) => toByteCount(value),
  parseLiteral: (node) => toByteCount(node.kind === Kind.INT ? Number(node.value) : undefined),
})

function toByteCount(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new GraphQLError('A count of bytes is a whole number from 0 to 2^53 - 1.')
}

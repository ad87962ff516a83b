import type { GraphQLField, GraphQLSchema } from 'graphql'
import { type NeededScope, OPERATION_SCOPES, requireScope } from '../access/scopes.ts'
import { AppError } from '../errors.ts'
import type { Context } from './transport/context.ts'

type Field = GraphQLField<unknown, unknown>
type Resolve = NonNullable<Field['resolve']>

/**
 * Has every operation ask first for the scope that a key needs for it, on HTTP and WebSocket alike.
 * @throws Error for an operation that declares none
 */
export function guardScopes(schema: GraphQLSchema): GraphQLSchema {
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()])
    for (const field of Object.values(root?.getFields() ?? {}))
      guard(root?.name as keyof typeof OPERATION_SCOPES, field)
  return schema
}

function guard(root: keyof typeof OPERATION_SCOPES, field: Field): void {
  const needed = OPERATION_SCOPES[root][field.name]
  const name = root === 'Subscription' ? 'subscribe' : 'resolve'
  const guarded = field[name]
  if (!needed)
    throw new Error(`${root}.${field.name} says in server/access/scopes.ts no scope that a key needs`)
  if (!guarded) throw new Error(`nothing answers ${root}.${field.name}`)
  field[name] = root === 'Mutation' ? answeringProblems(guarded, needed) : throwing(guarded, needed)
}

function throwing(resolve: Resolve, needed: NeededScope): Resolve {
  return (source, args, context, info) => {
    requireScope((context as Context).actor, needed, info.fieldName)
    return resolve(source, args, context, info)
  }
}

/** A mutation tells in its payload why it is refused. */
function answeringProblems(resolve: Resolve, needed: NeededScope): Resolve {
  const asking = throwing(resolve, needed)
  return (source, args, context, info) => {
    try {
      return asking(source, args, context, info)
    } catch (error) {
      if (error instanceof AppError) return { errors: error.problems }
      throw error
    }
  }
}

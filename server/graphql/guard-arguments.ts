import { type GraphQLField, type GraphQLSchema, isObjectType } from 'graphql'
import { AppError } from '../errors.ts'
import { refuseHostileText } from '../refuse-text.ts'

type Field = GraphQLField<unknown, unknown>
type Resolve = NonNullable<Field['resolve']>

/** Has every field that takes arguments refuse texts that nothing behind it could keep, on HTTP and WebSocket alike. */
export function guardArguments(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue
    for (const field of Object.values(type.getFields()))
      if (field.args.length > 0) guard(schema, type.name, field)
  }
  return schema
}

function guard(schema: GraphQLSchema, typeName: string, field: Field): void {
  const isMutation = typeName === schema.getMutationType()?.name
  // A subscription's `resolve` gets an event, and the arguments that its `subscribe` has let pass.
  const name = field.subscribe ? 'subscribe' : 'resolve'
  const guarded = field[name]
  if (!guarded) throw new Error(`${typeName}.${field.name} takes arguments, and nothing answers them`)
  field[name] = isMutation ? answeringProblems(guarded) : throwing(guarded)
}

function throwing(resolve: Resolve): Resolve {
  return (source, args, context, info) => {
    refuseHostileText(args)
    return resolve(source, args, context, info)
  }
}

/** A mutation tells what is wrong with its input in its payload. */
function answeringProblems(resolve: Resolve): Resolve {
  return (source, args, context, info) => {
    try {
      refuseHostileText(args.input)
    } catch (error) {
      if (error instanceof AppError) return { errors: error.problems }
      throw error
    }
    return resolve(source, args, context, info)
  }
}

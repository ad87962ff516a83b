import { type GraphQLField, type GraphQLSchema, getNamedType, isInputObjectType, isObjectType } from 'graphql'
import { type Kind, permit } from '../access/permit.ts'
import { AUDITED_MUTATIONS } from '../audit/audited-mutations.ts'
import { rowsIn, type SubjectType } from '../audit/subjects.ts'
import { noteDetail } from '../audit/trail.ts'
import { AppError } from '../errors.ts'
import { MadeBefore, Once } from '../idempotency/once.ts'
import type { Context } from './transport/context.ts'

type Field = GraphQLField<unknown, Context>

const MAX_KEY_LENGTH = 80
/** They keep their keys with what they start. */
const BY_THEMSELVES = ['startRun', 'cloneRun', 'forkRun', 'startExperiment']

/** Has every mutation whose input takes an idempotency key make one thing for it, however often it is asked. */
export function makeOnce(schema: GraphQLSchema): GraphQLSchema {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {}))
    if (takesKey(field) && !BY_THEMSELVES.includes(field.name)) wrap(field)
  return schema
}

function takesKey({ args }: Field): boolean {
  const input = args[0] && getNamedType(args[0].type)
  return isInputObjectType(input) && 'idempotencyKey' in input.getFields()
}

function wrap(field: Field): void {
  const { resolve, name: mutation } = field
  const subject = AUDITED_MUTATIONS[mutation]?.subject as SubjectType & Kind
  const made = nameOfMade(field, subject)
  if (!resolve) throw new Error(`nothing answers the mutation ${mutation}`)
  field.resolve = async (source, args, context, info) => {
    const { actor, services } = context
    const key: unknown = args.input?.idempotencyKey
    if (key == null || !actor) return resolve(source, args, context, info)
    if (typeof key !== 'string' || key.length < 1 || key.length > MAX_KEY_LENGTH)
      return { errors: [badKey()] }
    const { userId } = actor
    const secret = services.config.authSecret
    const findMade = (result: unknown) => rowsIn(subject, result)[0]
    const once = new Once({ userId, mutation, key, findMade, input: args.input, secret })
    try {
      return await once.follow(() => resolve(source, args, context, info))
    } catch (error) {
      if (!(error instanceof MadeBefore)) throw error
      noteDetail({ repeated: true })
      return await answerAgain(context, subject, made, error.subjectId)
    }
  }
}

async function answerAgain({ actor, services }: Context, subject: Kind, made: string, id: string) {
  try {
    const row = await permit({ actor, database: services.database }, subject, id, 'VIEWER', 'idempotencyKey')
    return { [made]: row, errors: [] }
  } catch (error) {
    if (error instanceof AppError) return { errors: error.problems }
    throw error
  }
}

function badKey() {
  const message = `idempotencyKey: 1 to ${MAX_KEY_LENGTH} characters`
  return { code: 'INVALID_INPUT', message, path: ['idempotencyKey'] }
}

/** The payload's field that holds what is made. */
function nameOfMade({ name, type }: Field, subject: string): string {
  const payload = getNamedType(type)
  const fields = isObjectType(payload) ? Object.values(payload.getFields()) : []
  const made = fields.find((field) => getNamedType(field.type).name === subject)
  if (!made) throw new Error(`the payload of ${name} has no ${subject}`)
  return made.name
}

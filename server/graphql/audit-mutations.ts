import type { GraphQLField, GraphQLSchema } from 'graphql'
import { auditActorOf } from '../access/request-origin.ts'
import { AUDITED_MUTATIONS, type Audited } from '../audit/audited-mutations.ts'
import { Trail } from '../audit/trail.ts'
import type { Problem } from '../errors.ts'
import type { Context } from './transport/context.ts'

type Field = GraphQLField<unknown, Context>

/** Has every mutation leave its row in the audit log: who did what to what from where, and how it ended. */
export function auditMutations(schema: GraphQLSchema): GraphQLSchema {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const audited = AUDITED_MUTATIONS[field.name]
    if (!audited) throw new Error(`${field.name} has no line in server/audit/audited-mutations.ts`)
    audit(field, audited)
  }
  return schema
}

function audit(field: Field, audited: Audited): void {
  const { resolve } = field
  if (!resolve) throw new Error(`nothing answers the mutation ${field.name}`)
  field.resolve = async (source, args, context, info) => {
    const { actor, origin, services } = context
    const trail = new Trail({ audited, actor: auditActorOf(actor), origin, input: args.input ?? {} })
    const end = async (payload: unknown, outcome: 'DONE' | 'REFUSED' | 'FAILED', code: string | null) => {
      // Nobody has done nothing.
      if (!actor && outcome !== 'DONE') return
      // What was changed is not undone by a log that cannot be written; the server's own log has it then.
      await trail.end(services.database, payload, outcome, code).catch((error) => {
        services.log.error(
          { err: error, action: audited.action, outcome, code },
          'the audit log was not written',
        )
      })
    }
    try {
      const payload = await trail.follow(() => resolve(source, args, context, info))
      const [problem] = (payload as { errors?: Problem[] } | null)?.errors ?? []
      await end(payload, problem ? 'REFUSED' : 'DONE', problem?.code ?? null)
      return payload
    } catch (error) {
      await end(null, 'FAILED', 'INTERNAL_SERVER_ERROR')
      throw error
    }
  }
}

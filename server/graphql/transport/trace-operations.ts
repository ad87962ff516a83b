import type { ApolloServerPlugin } from '@apollo/server'
import { isTracing, noteSpan } from '../../../logging/tracing.ts'
import type { Context } from './context.ts'

/** As clients may name their operations. */
const MAX_NAME_CHARACTERS = 100

/** A span for each operation over HTTP, from its first letter to its answer. */
export const traceOperations: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    if (!isTracing()) return
    const sinceMs = Date.now()
    return {
      async willSendResponse({ operation, operationName, errors }) {
        const type = operation?.operation ?? 'unreadable'
        const name = operationName?.slice(0, MAX_NAME_CHARACTERS) ?? ''
        noteSpan(
          `${type} ${name}`.trim(),
          {
            'graphql.operation.type': type,
            'graphql.operation.name': name,
            'graphql.errors': errors?.length ?? 0,
          },
          sinceMs,
        )
      },
    }
  },
}

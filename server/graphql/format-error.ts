import { randomUUID } from 'node:crypto'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import type { Logger } from '../../logging/open-log.ts'
import { isDatabaseAway } from '../database-away.ts'
import { AppError } from '../errors.ts'

/** Errors of the language itself, which a client needs to see. */
const SHOWN = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
])

/**
 * What a client sees of an error: of an AppError everything, of a faulty operation what is wrong with it, of anything
 * else only a number under which it stands in the log.
 */
export function createFormatError(log: Logger, production: boolean) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const cause = causeOf(error)
    const { locations, path } = formatted
    if (cause instanceof AppError) {
      const [{ code, message, path: inputPath }] = cause.problems as [AppError['problems'][number]]
      return { message, locations, path, extensions: { code, inputPath } }
    }
    if (isDatabaseAway(cause)) {
      return { message: AWAY_MESSAGE, locations, path, extensions: { code: 'UNAVAILABLE' } }
    }
    const code = String(formatted.extensions?.code ?? 'GRAPHQL_VALIDATION_FAILED')
    if (cause instanceof GraphQLError && SHOWN.has(code)) {
      const message = production ? withoutSuggestion(formatted.message) : formatted.message
      return { message, locations, path, extensions: { code } }
    }
    const errorId = randomUUID()
    log.error({ err: cause, errorId, path }, 'an operation failed')
    return {
      message: `Something went wrong on our side. It was logged as ${errorId}.`,
      locations,
      path,
      extensions: { code: 'INTERNAL_SERVER_ERROR', errorId },
    }
  }
}

export const AWAY_MESSAGE = 'The database does not answer at the moment. Try again in a few seconds.'

/** The error that GraphQL wrapped, perhaps twice; a GraphQLError that wraps none is itself. */
function causeOf(error: unknown): unknown {
  let cause = error
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError
  return cause
}

function withoutSuggestion(message: string): string {
  return message.replace(/ Did you mean [^?]*\?/g, '')
}

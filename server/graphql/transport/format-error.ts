import { randomUUID } from 'node:crypto'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import type { Logger } from '../../../logging/open-log.ts'
import { isDatabaseAway } from '../../../prisma/database-away.ts'
import { AppError } from '../../errors.ts'

/** Errors of the language itself, which a client needs to see. */
const SHOWN = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'LIMIT_EXCEEDED',
  'RATE_LIMITED',
])

const MAX_MESSAGE_LENGTH = 1_000

/**
 * What a client sees of an error: of an AppError everything, of a faulty operation what is wrong with it, of anything
 * else only a number under which it stands in the log.
 */
export function createFormatError(log: Logger, production: boolean) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const cause = causeOf(error)
    const { locations, path } = formatted
    if (cause instanceof AppError) {
      const [{ code, message, path: inputPath }] = cause.problems
      return { message, locations, path, extensions: { code, inputPath } }
    }
    if (isDatabaseAway(cause)) {
      return { message: AWAY_MESSAGE, locations, path, extensions: { code: 'UNAVAILABLE' } }
    }
    const code = String(formatted.extensions?.code ?? 'GRAPHQL_VALIDATION_FAILED')
    if (cause instanceof GraphQLError && SHOWN.has(code)) {
      const message = production ? withoutSuggestions(formatted.message) : formatted.message
      const { retryAfterSeconds } = cause.extensions
      const extensions = retryAfterSeconds === undefined ? { code } : { code, retryAfterSeconds }
      return { message: shorten(message), locations, path, extensions }
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

const SUGGESTION = ' Did you mean '

/**
 * Cuts every suggestion, up to its question mark. No regular expression: messages echo what was sent, and a pattern
 * that begins anew at each of a hundred thousand beginnings takes minutes.
 */
function withoutSuggestions(message: string): string {
  let kept = ''
  let from = 0
  for (;;) {
    const start = message.indexOf(SUGGESTION, from)
    const end = start < 0 ? -1 : message.indexOf('?', start)
    if (end < 0) return kept + message.slice(from)
    kept += message.slice(from, start)
    from = end + 1
  }
}

/** A message that echoes its input need not send a megabyte back; it says in its first words what is wrong. */
function shorten(message: string): string {
  return message.length <= MAX_MESSAGE_LENGTH ? message : `${message.slice(0, MAX_MESSAGE_LENGTH)} …`
}

import { type DocumentNode, execute, type GraphQLSchema, parse } from 'graphql'
import { AppError, type Problem } from '../errors.ts'
import type { Context } from '../graphql/transport/context.ts'

/** Does an operation of the API as whoever asked: with the same scopes, permissions, limits and audit. */
// biome-ignore lint/suspicious/noExplicitAny: each tool reads what its own document asks for.
export type Ask = (document: string, variables?: Record<string, unknown>) => Promise<any>

const documents = new Map<string, DocumentNode>()

/** @returns a function that throws AppError for what the API refuses */
export function createAsk(schema: GraphQLSchema, context: () => Context): Ask {
  return async (source, variables = {}) => {
    const document = documents.get(source) ?? parse(source)
    documents.set(source, document)
    const { data, errors } = await execute({
      schema,
      document,
      variableValues: variables,
      contextValue: context(),
    })
    const [error] = errors ?? []
    if (error) throw error.originalError ?? error
    for (const payload of Object.values(data ?? {})) requireDone(payload)
    return data
  }
}

function requireDone(payload: unknown): void {
  const problems = (payload as { errors?: Problem[] } | null)?.errors
  if (problems && problems.length > 0) throw AppError.ofProblems(problems)
}

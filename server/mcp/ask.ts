import {
  type DocumentNode,
  execute,
  type GraphQLSchema,
  getOperationAST,
  parse,
  type ValidationRule,
} from 'graphql'
import { AppError, type Problem } from '../errors.ts'
import type { Context } from '../graphql/transport/context.ts'
import { validateLimited } from '../graphql/transport/limits.ts'
import type { RequestBudgets } from '../graphql/transport/request-budget.ts'
import { spendBudget } from '../graphql/transport/spend-budget.ts'

/** Does an operation of the API as whoever asked: with the same scopes, permissions, limits and audit. */
// biome-ignore lint/suspicious/noExplicitAny: each tool reads what its own document asks for.
export type Ask = (document: string, variables?: Record<string, unknown>) => Promise<any>

interface AskOptions {
  schema: GraphQLSchema
  limits: readonly ValidationRule[]
  budgets: RequestBudgets
  createContext: () => Context
}

/** Every document of the tools, validated once: its cost is known from then on. */
const documents = new Map<string, DocumentNode>()

/** @returns a function that throws AppError for what the API refuses, GraphQLError RATE_LIMITED for too much of it */
export function createAsk({ schema, limits, budgets, createContext }: AskOptions): Ask {
  return async (source, variables = {}) => {
    const document = documents.get(source) ?? parseValid(source, schema, limits)
    documents.set(source, document)
    const contextValue = createContext()
    const operation = getOperationAST(document)
    if (operation) await spendBudget(budgets, operation, contextValue)
    const { data, errors } = await execute({ schema, document, variableValues: variables, contextValue })
    const [error] = errors ?? []
    if (error) throw error.originalError ?? error
    for (const payload of Object.values(data ?? {})) requireDone(payload)
    return data
  }
}

function parseValid(source: string, schema: GraphQLSchema, limits: readonly ValidationRule[]): DocumentNode {
  const document = parse(source)
  const [error] = validateLimited(schema, document, limits)
  if (error) throw error
  return document
}

function requireDone(payload: unknown): void {
  const problems = (payload as { errors?: Problem[] } | null)?.errors
  if (problems && problems.length > 0) throw AppError.ofProblems(problems)
}

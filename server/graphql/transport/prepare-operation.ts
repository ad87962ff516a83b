import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type ValidationRule,
} from 'graphql'
import type { SubscribePayload } from 'graphql-ws'
import type { Context } from './context.ts'
import { EXECUTION_OPTIONS, parseLimited, validateLimited } from './limits.ts'

/** Parses and checks an operation by the same rules as HTTP's. @returns what to execute, or what is wrong with it */
export function prepareOperation(
  schema: GraphQLSchema,
  limits: readonly ValidationRule[],
  { query, operationName, variables }: SubscribePayload,
  contextValue: Context,
): ExecutionArgs | readonly GraphQLError[] {
  try {
    const document = parseLimited(query)
    const errors = validateLimited(schema, document, limits)
    // Apollo has one code for whatever a rule refuses.
    if (errors.length > 0)
      return errors.map((error) =>
        Object.assign(error, { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }),
      )
    const misfit = findMisfit(schema, document, operationName, variables)
    if (misfit.length > 0) return misfit
    return {
      schema,
      document,
      operationName,
      variableValues: variables,
      contextValue,
      options: EXECUTION_OPTIONS,
    }
  } catch (error) {
    if (error instanceof GraphQLError) return [withCode(error, 'GRAPHQL_PARSE_FAILED')]
    throw error
  }
}

/** What Apollo finds between validation and execution, by the same codes. */
function findMisfit(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: SubscribePayload['variables'],
): readonly GraphQLError[] {
  const operation = getOperationAST(document, operationName)
  if (!operation) {
    const message = operationName
      ? `Unknown operation named "${operationName}".`
      : 'Must provide operation name if query contains multiple operations.'
    return [withCode(new GraphQLError(message), 'OPERATION_RESOLUTION_FAILURE')]
  }
  const { maxCoercionErrors: maxErrors } = EXECUTION_OPTIONS
  const definitions = operation.variableDefinitions ?? []
  const { errors = [] } = getVariableValues(schema, definitions, variables ?? {}, { maxErrors })
  return errors.map((error) => withCode(error, 'BAD_USER_INPUT'))
}

/** The error with a code, unless it has one. */
export function withCode(error: GraphQLError, code: string): GraphQLError {
  error.extensions.code ??= code
  return error
}

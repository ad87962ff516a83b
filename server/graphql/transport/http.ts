import type { IncomingMessage, Server } from 'node:http'
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled'
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer'
import { expressMiddleware } from '@as-integrations/express5'
import type { Request, RequestHandler } from 'express'
import { GraphQLError, type GraphQLSchema, type ValidationRule } from 'graphql'
import { isDatabaseAway } from '../../../prisma/database-away.ts'
import type { Actor } from '../../access/actor.ts'
import type { Identify } from '../../access/identify.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { limitAnswer } from './answer-limit.ts'
import type { Context } from './context.ts'
import { createFormatError } from './format-error.ts'
import { asksForSchema, EXECUTION_OPTIONS, MAX_TOKENS, refuseRepetition } from './limits.ts'
import type { RequestBudgets } from './request-budget.ts'
import { spendBudgetPlugin } from './spend-budget.ts'
import { traceOperations } from './trace-operations.ts'

interface HttpOptions {
  httpServer: Server
  schema: GraphQLSchema
  limits: ValidationRule[]
  services: Services
  identify: Identify
  budgets: RequestBudgets
  createContext: (actor: Actor | null, request: IncomingMessage) => Context
}

/** GraphQL over HTTP. @returns the handler, and what stops it once requests under way are answered */
export async function openGraphqlHttp(
  options: HttpOptions,
): Promise<{ handler: RequestHandler; stop: () => Promise<void> }> {
  const { httpServer, schema, limits, services, identify, budgets, createContext } = options
  const { config, log } = services
  const apollo = new ApolloServer<Context>({
    schema,
    validationRules: limits,
    parseOptions: { maxTokens: MAX_TOKENS },
    executionOptions: EXECUTION_OPTIONS,
    // Whose it is to see is settled once it is known who asks.
    introspection: true,
    // `formatError` cuts suggestions, for both transports; Apollo's own pattern takes quadratic time.
    hideSchemaDetailsFromClientErrors: false,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    formatError: createFormatError(log, config.production),
    stopOnTerminationSignals: false,
    plugins: [
      ApolloServerPluginDrainHttpServer({ httpServer, stopGracePeriodMillis: 2_000 }),
      ApolloServerPluginLandingPageDisabled(),
      answer503WhereUnavailable,
      limitAnswers,
      traceOperations,
      showSchemaToMembers,
      spendBudgetPlugin(budgets),
      answer200ToPlainJson,
    ],
    logger: log,
  })
  await apollo.start()
  const answer = expressMiddleware(apollo, {
    context: async ({ req }) => createContext(await identifyOrRefuse(identify, req.headers), req),
  })
  const handler: RequestHandler = (request, response, next) => {
    const refusal = findRefusal(request)
    if (refusal) response.status(400).json({ errors: [refusal] })
    else answer(request, response, next)
  }
  return { handler, stop: () => apollo.stop() }
}

/** What Apollo would find only once it had taken its time. What is no document is Apollo's to refuse. */
function findRefusal({ body, query }: Request): GraphQLError | null {
  const source: unknown = body?.query ?? query.query
  try {
    if (typeof source === 'string') refuseRepetition(source)
    return null
  } catch (error) {
    return error instanceof GraphQLError && error.extensions.code === 'BAD_USER_INPUT' ? error : null
  }
}

/** Apollo answers 500 to whatever is thrown before an operation begins, unless the error names its status. */
async function identifyOrRefuse(identify: Identify, headers: Parameters<Identify>[0]): Promise<Actor | null> {
  try {
    return await identify(headers)
  } catch (error) {
    const status = error instanceof AppError ? 401 : isDatabaseAway(error) ? 503 : 500
    const originalError = error instanceof Error ? error : new Error(String(error))
    throw new GraphQLError(originalError.message, { originalError, extensions: { http: { status } } })
  }
}

/** On a WebSocket everybody is signed in. */
const showSchemaToMembers: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    async didResolveOperation({ document, contextValue: { actor } }) {
      if (actor || !asksForSchema(document)) return
      const originalError = new AppError(
        'UNAUTHENTICATED',
        'The schema is shown to those who are signed in: introspection needs a session or an API key.',
      )
      const extensions = { http: { status: 401 } }
      throw new GraphQLError(originalError.message, { originalError, extensions })
    },
  }),
}

/** Errors of the language, which come before anything is executed. */
const BEFORE_EXECUTION = ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT']

/** As the GraphQL-over-HTTP specification wants it: a client of the old media type may take any other status for no answer. */
const answer200ToPlainJson: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    async willSendResponse({ request, response }) {
      const accepted = request.http?.headers.get('accept') ?? ''
      const isPlain = /application\/json/.test(accepted) && !accepted.includes('graphql-response')
      if (!isPlain || response.http.status !== 400 || response.body.kind !== 'single') return
      const { errors = [] } = response.body.singleResult
      if (errors.every(({ extensions }) => BEFORE_EXECUTION.includes(String(extensions?.code))))
        response.http.status = 200
    },
  }),
}

const limitAnswers: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    async willSendResponse({ response: { body } }) {
      if (body.kind !== 'single') return
      const { data, errors } = limitAnswer({ data: body.singleResult.data })
      if (errors) body.singleResult = { data: data ?? null, errors: errors.map((error) => error.toJSON()) }
    },
  }),
}

const answer503WhereUnavailable: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    async willSendResponse({ response }) {
      if (response.body.kind !== 'single') return
      const { errors } = response.body.singleResult
      if (errors?.some((error) => error.extensions?.code === 'UNAVAILABLE')) response.http.status = 503
    },
  }),
}

import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  type DocumentNode,
  type ExecutionArgs,
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type ValidationRule,
} from 'graphql'
import type { Context as SocketContext, SubscribePayload } from 'graphql-ws'
import { useServer as serveSockets } from 'graphql-ws/use/ws'
import { type WebSocket, WebSocketServer } from 'ws'
import { forRequest } from '../../../logging/request-context.ts'
import type { Actor } from '../../access/actor.ts'
import { settleAddress } from '../../access/client-address.ts'
import type { Identify } from '../../access/identify.ts'
import { ownOrigins } from '../../access/own-origins.ts'
import { nameRequest } from '../../access/request-origin.ts'
import type { AccessWatch } from '../../live/access-watch.ts'
import type { Services } from '../../services.ts'
import { limitAnswer } from './answer-limit.ts'
import type { Context } from './context.ts'
import { createFormatError } from './format-error.ts'
import { EXECUTION_OPTIONS, parseLimited, validateLimited } from './limits.ts'
import type { RequestBudgets } from './request-budget.ts'
import { createSharedSubscribe } from './shared-subscription.ts'
import { SocketQuota } from './socket-quota.ts'
import { spendBudget } from './spend-budget.ts'
import { endUnread } from './unread-sockets.ts'

const MAX_MESSAGE_BYTES = 1024 * 1024
const MAX_OPERATIONS_A_SOCKET = 100
/** graphql-ws clients take 4401 as final: asking again with the same sign-in would not help. */
const UNAUTHORIZED = 4401
const TOO_MANY = 4429

interface WebSocketOptions {
  httpServer: Server
  schema: GraphQLSchema
  limits: ValidationRule[]
  services: Services
  identify: Identify
  budgets: RequestBudgets
  access: AccessWatch
  createContext: (actor: Actor | null, request: IncomingMessage) => Context
}

type Extra = {
  socket: WebSocket
  request: IncomingMessage
  actor?: Actor
  unwatch?: () => void
}

/**
 * GraphQL over WebSocket (graphql-transport-ws) on the server's own port. Apollo sees nothing of it, so that the
 * limits, the masking of errors and the sign-in are applied here again. @returns what closes it
 */
export function openGraphqlWebSocket(options: WebSocketOptions): () => Promise<void> {
  const { httpServer, services } = options
  const origins = ownOrigins(services.config.publicOrigin)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES })
  httpServer.on('upgrade', (request, socket, head) => {
    if (!isAtGraphql(request)) return refuse(socket, '404 Not Found')
    if (!isFromOurPages(request, origins)) return refuse(socket, '403 Forbidden')
    settleAddress(request, services.config.frontSecret)
    nameRequest(request)
    sockets.handleUpgrade(request, socket, head, (open) => {
      // graphql-ws listens for the first error alone; another one would end the process.
      open.on('error', (error) => services.log.debug({ err: error }, 'a socket failed'))
      sockets.emit('connection', open, request)
    })
  })
  const graphql = serve(options, sockets)
  const stopWatching = endUnread(sockets.clients, services.config.unreadSockets)
  return async () => {
    stopWatching()
    setTimeout(() => {
      for (const socket of sockets.clients) socket.terminate()
    }, 1_000).unref()
    await graphql.dispose()
  }
}

function isAtGraphql({ url = '' }: IncomingMessage): boolean {
  return url.split('?')[0] === '/graphql'
}

/** Browsers say where a page came from; a foreign page must not use the cookies of ours. Scripts say nothing. */
function isFromOurPages({ headers }: IncomingMessage, origins: readonly string[]): boolean {
  return headers.origin === undefined || origins.includes(headers.origin)
}

function refuse(socket: Duplex, status: string): void {
  // It is Node's no longer: whoever hangs up before the answer would end the server, and whoever never does would stay.
  socket.on('error', () => socket.destroy())
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function serve(options: WebSocketOptions, sockets: WebSocketServer) {
  const { schema, limits, services, identify, budgets, access, createContext } = options
  const format = createFormatError(services.log, services.config.production)
  const formatAll = (errors: readonly GraphQLError[]): GraphQLFormattedError[] =>
    errors.map((error) => format(error.toJSON(), error))
  const quota = new SocketQuota()

  return serveSockets<Record<string, unknown> | undefined, Extra>(
    {
      schema,
      subscribe: createSharedSubscribe(),
      execute: (args) => forRequest((args.contextValue as Context).origin.requestId, () => execute(args)),
      async onConnect(ctx) {
        const { extra } = ctx
        const actor = await identifySocket(identify, ctx, services)
        if (!actor) return close(extra.socket, UNAUTHORIZED, 'Unauthorized')
        // onClose has been called already: it would give nothing back.
        if (extra.socket.readyState !== extra.socket.OPEN) return false
        if (!quota.take(actor.userId, ctx)) return close(extra.socket, TOO_MANY, 'Too many connections')
        extra.actor = actor
        extra.unwatch = access.watch(actor, null, () => extra.socket.close(UNAUTHORIZED, 'Unauthorized'))
        return true
      },
      onClose(ctx) {
        const { unwatch, actor } = ctx.extra
        unwatch?.()
        if (actor) quota.release(actor.userId, ctx)
      },
      async onSubscribe({ extra, subscriptions }, _, payload) {
        if (Object.keys(subscriptions).length > MAX_OPERATIONS_A_SOCKET)
          return [tooMany(`A socket carries at most ${MAX_OPERATIONS_A_SOCKET} operations at a time.`)]
        if (extra.actor && !quota.hasRoom(extra.actor.userId))
          return [tooMany('All of a person’s sockets carry at most 500 operations at a time.')]
        const context = createContext(extra.actor ?? null, extra.request)
        return spendOn(budgets, prepare(schema, limits, payload, context), context)
      },
      onError: (_, __, ___, errors) => formatAll(errors),
      onNext(_, __, ___, { document, operationName }, answer) {
        // An event is one thing, whose length its cost has bounded; thousands of readers may get it.
        const isEvent = getOperationAST(document, operationName)?.operation === 'subscription'
        const { errors, ...result } = isEvent ? answer : limitAnswer(answer)
        if (errors) return { ...result, errors: formatAll(errors) as never }
        return undefined
      },
    },
    sockets,
  )
}

async function identifySocket(
  identify: Identify,
  { extra, connectionParams }: SocketContext<Record<string, unknown> | undefined, Extra>,
  { log }: Services,
): Promise<Actor | null> {
  const given = connectionParams?.authorization
  try {
    return await identify(extra.request.headers, typeof given === 'string' ? given : undefined)
  } catch (error) {
    log.debug({ err: error }, 'a socket was refused')
    return null
  }
}

/** For a reason of its own: graphql-ws's close that follows comes too late to count. */
function close(socket: WebSocket, code: number, reason: string): false {
  socket.close(code, reason)
  return false
}

/** Parses and checks an operation by the same rules as HTTP's. @returns what to execute, or what is wrong with it */
function prepare(
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

/** @returns what is to be executed, once it is paid for; else what is wrong */
async function spendOn(
  budgets: RequestBudgets,
  prepared: ReturnType<typeof prepare>,
  context: Context,
): Promise<ReturnType<typeof prepare>> {
  const operation = 'document' in prepared && getOperationAST(prepared.document, prepared.operationName)
  if (!operation) return prepared
  try {
    await spendBudget(budgets, operation, context)
    return prepared
  } catch (error) {
    if (error instanceof GraphQLError) return [error]
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

function tooMany(message: string): GraphQLError {
  return withCode(new GraphQLError(message), 'LIMIT_EXCEEDED')
}

/** The error with a code, unless it has one. */
function withCode(error: GraphQLError, code: string): GraphQLError {
  error.extensions.code ??= code
  return error
}

import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  type ValidationRule,
} from 'graphql'
import type { Context as SocketContext } from 'graphql-ws'
import { useServer as serveSockets } from 'graphql-ws/use/ws'
import { type WebSocket, WebSocketServer } from 'ws'
import { forRequest } from '../../../logging/request-context.ts'
import { continueTrace } from '../../../logging/tracing.ts'
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
import { PacedSocket } from './paced-socket.ts'
import { prepareOperation, withCode } from './prepare-operation.ts'
import type { RequestBudgets } from './request-budget.ts'
import { createSharedSubscribe, type EventReader, type SharedArgs } from './shared-subscription.ts'
import { SocketQuota } from './socket-quota.ts'
import { spendBudget } from './spend-budget.ts'
import { endUnread, type Patience } from './unread-sockets.ts'

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
  paced?: PacedSocket
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
      execute: (args) =>
        continueTrace(null, 'operation over WebSocket', {}, () =>
          forRequest((args.contextValue as Context).origin.requestId, () => execute(args)),
        ),
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
      async onSubscribe({ extra, subscriptions }, id, payload) {
        if (Object.keys(subscriptions).length > MAX_OPERATIONS_A_SOCKET)
          return [tooMany(`A socket carries at most ${MAX_OPERATIONS_A_SOCKET} operations at a time.`)]
        if (extra.actor && !quota.hasRoom(extra.actor.userId))
          return [tooMany('All of a person’s sockets carry at most 500 operations at a time.')]
        const context = createContext(extra.actor ?? null, extra.request)
        const prepared = prepareOperation(schema, limits, payload, context)
        if (!('document' in prepared)) return prepared
        const args: SharedArgs = { ...prepared, reader: readerOf(extra, id, services.config.unreadSockets) }
        return spendOn(budgets, args, context)
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

/** Writes graphql-transport-ws's `next` messages of one operation around answers that are JSON already. */
function readerOf(extra: Extra, id: string, { unreadMs }: Patience): EventReader {
  const { socket } = extra
  const paced = extra.paced ?? new PacedSocket(socket, unreadMs)
  extra.paced = paced
  const before = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`)
  const after = Buffer.from('}')
  return {
    ready: () => paced.ready(),
    send: (payload) => paced.send(Buffer.concat([before, payload, after])),
  }
}

/** @returns what is to be executed, once it is paid for; else what is wrong */
async function spendOn(
  budgets: RequestBudgets,
  args: SharedArgs,
  context: Context,
): Promise<SharedArgs | readonly GraphQLError[]> {
  const operation = getOperationAST(args.document, args.operationName)
  if (!operation) return args
  try {
    await spendBudget(budgets, operation, context)
    return args
  } catch (error) {
    if (error instanceof GraphQLError) return [error]
    throw error
  }
}

function tooMany(message: string): GraphQLError {
  return withCode(new GraphQLError(message), 'LIMIT_EXCEEDED')
}

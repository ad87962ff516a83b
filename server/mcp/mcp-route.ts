import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { type RequestHandler, Router } from 'express'
import type { GraphQLSchema, ValidationRule } from 'graphql'
import type { Actor } from '../access/actor.ts'
import type { Identify } from '../access/identify.ts'
import { AppError } from '../errors.ts'
import type { Context } from '../graphql/transport/context.ts'
import type { RequestBudgets } from '../graphql/transport/request-budget.ts'
import type { AccessWatch } from '../live/access-watch.ts'
import type { Services } from '../services.ts'
import { createAsk } from './ask.ts'
import { createMcpServer } from './create-mcp-server.ts'
import { createTools } from './tools/index.ts'

interface McpOptions {
  services: Services
  schema: GraphQLSchema
  limits: readonly ValidationRule[]
  budgets: RequestBudgets
  access: AccessWatch
  identify: Identify
  createContext: (actor: Actor | null, request: Parameters<RequestHandler>[0]) => Context
}

const LOST = 'This API key has been revoked, or has expired. Make another one on the team’s page “API keys”.'

/** /mcp: the Model Context Protocol over HTTP, a request at a time and without sessions, for whoever sends an API key. */
export function createMcpRoutes(options: McpOptions): Router {
  const { access, identify, createContext } = options
  const { log } = options.services
  const tools = createTools()
  const router = Router()
  router.post('/', async (request, response) => {
    const { headers, body } = request
    // A cookie would let other sites' pages act with the visitor's powers.
    const actor = headers.authorization === undefined ? null : await identify(headers)
    if (actor?.kind !== 'apiKey') {
      response.set('WWW-Authenticate', 'Bearer')
      throw new AppError('UNAUTHENTICATED', 'Send `Authorization: Bearer sh_…` with an API key of the team.')
    }
    if (Array.isArray(body)) throw new AppError('INVALID_INPUT', 'Send one message at a time.')
    const gone = new AbortController()
    // A key that was revoked while it waits for a run's end is told nothing more.
    const endWatch = access.watch(actor, actor.teamId, () =>
      gone.abort(new AppError('UNAUTHENTICATED', LOST)),
    )
    response.once('close', () => {
      endWatch()
      gone.abort(new AppError('UNAUTHENTICATED', 'Nobody waits for this answer any longer.'))
    })
    const ask = createAsk({ ...options, createContext: () => createContext(actor, request) })
    const server = createMcpServer(tools, { ask, teamId: actor.teamId, signal: gone.signal }, log)
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: undefined,
      enableJsonResponse: true,
    })
    response.once('close', () => void server.close())
    // The SDK's own type has optional members that its interface has not.
    await server.connect(transport as Parameters<typeof server.connect>[0])
    await transport.handleRequest(request, response, body)
  })
  router.all('/', (_, response) => {
    response.set('Allow', 'POST').status(405)
    response.json({ code: 'INVALID_INPUT', message: 'Only POST: there are no sessions and no streams here.' })
  })
  return router
}

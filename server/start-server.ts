import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { openLog } from '../logging/open-log.ts'
import { openDatabase } from '../prisma/client.ts'
import { traceQueries } from '../runs/trace-queries.ts'
import { openStorage } from '../storage/open-storage.ts'
import { openJobQueues } from '../storage/queue.ts'
import type { Actor } from './access/actor.ts'
import { createAuth } from './access/auth.ts'
import { DownloadLinks } from './access/download-links.ts'
import { createIdentify, identifyAt } from './access/identify.ts'
import { originOf } from './access/request-origin.ts'
import { SharedFileLinks } from './access/shared-file-links.ts'
import { mountRoutes } from './app.ts'
import { openPartialUploads } from './blobs/open-partial-uploads.ts'
import type { ServerConfig } from './config.ts'
import { createLoaders } from './graphql/loaders.ts'
import { createSchema } from './graphql/schema.ts'
import type { Context } from './graphql/transport/context.ts'
import { openGraphqlHttp } from './graphql/transport/http.ts'
import { createLimits } from './graphql/transport/limits.ts'
import { openBudgets } from './graphql/transport/request-budget.ts'
import { openGraphqlWebSocket } from './graphql/transport/websocket.ts'
import { pruneIdempotencyKeys } from './idempotency/prune-keys.ts'
import { type Live, openLive } from './live/live.ts'
import { deliverMails } from './mail/deliver.ts'
import { Outbox } from './mail/outbox.ts'
import { createMcpRoutes } from './mcp/mcp-route.ts'
import { createMetrics, serveMetrics } from './metrics.ts'
import { dispatchTeamEvents } from './notices/dispatch.ts'
import { openPusher } from './push/push-notices.ts'
import { VapidKey } from './push/vapid-key.ts'
import type { Services } from './services.ts'
import { giveTeam } from './use-cases/account/give-team.ts'
import { pruneAudit } from './use-cases/audit/prune-audit.ts'
import { pruneDeviceRequests } from './use-cases/devices/prune-device-requests.ts'
import { findInvitation } from './use-cases/members/find-invitation.ts'
import { endOverspent } from './use-cases/runs/end-overspent.ts'
import { watchQuotas } from './use-cases/runs/watch-quotas.ts'
import { purgeDeletedTeams } from './use-cases/teams/purge-deleted-teams.ts'
import { collectAbandonedUploads } from './use-cases/uploads/collect-abandoned.ts'
import { UploadTurns } from './use-cases/uploads/upload-turns.ts'
import { sampleCapacity } from './use-cases/workers/sample-capacity.ts'
import { deliverToWebhooks } from './webhooks/deliver.ts'
import { Webhooks } from './webhooks/webhooks.ts'

/** A whole header must have come in so long; a socket on which nothing moves is closed after so long. */
const HEADERS_TIMEOUT_MS = 10_000
const IDLE_SOCKET_MS = 120_000
/** A proxy must be the one that closes a connection between two requests: its next one may be on the way already. */
const KEEP_ALIVE_MS = 75_000

export interface RunningServer {
  port: number
  /** `http://127.0.0.1:4000` */
  url: string
  /** Answers what is under way, tells sockets to go, and closes everything that was opened. Once is enough. */
  close(): Promise<void>
}

/**
 * Starts the server: HTTP and WebSocket on one port.
 * @throws where the database is out of reach or the port is taken; nothing stays open then
 */
export async function startServer(config: ServerConfig): Promise<RunningServer> {
  const opened: (() => unknown)[] = []
  const closeAll = async () => {
    for (const close of opened.reverse().splice(0)) await close()
  }
  try {
    const services = await openServices(config, opened)
    const live = await openLive(config.databaseUrl, services.database, services.log)
    opened.push(() => live.close())
    const httpServer = await openHttp(services, live, opened)
    const { port } = await listen(httpServer, config)
    opened.push(deliverMails({ ...services, mail: config.mail }), tellOfEvents(services, live))
    opened.push(collectAbandonedUploads(services), purgeDeletedTeams(services), endOverspent(services))
    opened.push(
      pruneAudit(services),
      pruneIdempotencyKeys(services),
      pruneDeviceRequests(services),
      watchQuotas(services),
      sampleCapacity(services),
    )
    if (config.metrics) {
      const metrics = await serveMetrics(createMetrics(services.database, live.counts), config.metrics)
      opened.push(() => metrics.close())
    }
    services.log.info({ port }, 'the server answers')
    return { port, url: `http://${config.host}:${port}`, close: closeAll }
  } catch (error) {
    await closeAll()
    throw error
  }
}

async function openServices(config: ServerConfig, opened: (() => unknown)[]): Promise<Services> {
  const log = openLog('server', config.logLevel)
  const database = traceQueries(openDatabase(config.databaseUrl))
  opened.push(() => database.$disconnect())
  const queues = await openJobQueues(config, (error) => log.warn({ err: error }, 'the queue is out of reach'))
  opened.push(() => queues.close())
  return {
    config,
    log,
    database,
    queues,
    storage: await openStorage(config.storage),
    uploads: await openPartialUploads(config.storage),
    uploadTurns: new UploadTurns(database),
    links: new DownloadLinks(config.authSecret),
    sharedFiles: new SharedFileLinks(config.authSecret),
    outbox: new Outbox(),
    webhooks: new Webhooks(config.authSecret),
    vapidKey: new VapidKey(config.authSecret, config.publicOrigin),
  }
}

/** Tells people and webhooks of what happens in teams. @returns what stops it */
function tellOfEvents(services: Services, live: Live): () => Promise<void> {
  const { config, webhooks } = services
  const deliverer = deliverToWebhooks({ ...services, secrets: webhooks.secrets, rules: config.webhooks })
  webhooks.onDue = deliverer.wake
  const pusher = openPusher({ ...services, key: services.vapidKey, rules: config.webhooks })
  const dispatcher = dispatchTeamEvents({ ...services, onDeliveries: deliverer.wake, onNotices: pusher.push })
  live.teamEvents.onArrived = dispatcher.wake
  return async () => {
    await dispatcher.close()
    await deliverer.close()
    await pusher.close()
  }
}

async function openHttp(services: Services, live: Live, opened: (() => unknown)[]): Promise<Server> {
  const { config, database, log } = services
  const auth = createAuth({
    database,
    config,
    log,
    outbox: services.outbox,
    findInvitation: (token) => findInvitation(database, token),
    onSignUp: (user, invitation) => giveTeam(database, user, invitation),
  })
  const identify = createIdentify(database, auth)
  const schema = createSchema()
  const limits = createLimits(config)
  const createContext = (actor: Actor | null, request: IncomingMessage): Context => ({
    actor,
    origin: originOf(request),
    budget: null,
    services,
    live,
    loaders: createLoaders(database, actor),
  })
  const budgets = openBudgets({
    ...config,
    onError: (error) => log.warn({ err: error }, 'Redis is out of reach: requests are counted here'),
  })
  opened.push(() => budgets.close())
  const app = express()
  const httpServer = createServer(app)
  const parts = { httpServer, schema, limits, services, identify, budgets, createContext }
  const graphql = await openGraphqlHttp(parts)
  const closeSockets = openGraphqlWebSocket({ ...parts, access: live.access })
  opened.push(async () => {
    await closeSockets()
    await graphql.stop()
  })
  const mcp = createMcpRoutes({ ...parts, access: live.access, identify: identifyAt(identify, '/mcp') })
  mountRoutes(app, { services, auth, identify, graphql: graphql.handler, mcp })
  return httpServer
}

function listen(httpServer: Server, { host, port }: ServerConfig): Promise<AddressInfo> {
  httpServer.headersTimeout = HEADERS_TIMEOUT_MS
  httpServer.keepAliveTimeout = KEEP_ALIVE_MS
  // An upload of gigabytes takes as long as it takes, as long as bytes come.
  httpServer.requestTimeout = 0
  httpServer.setTimeout(IDLE_SOCKET_MS)
  return new Promise((resolve, reject) => {
    httpServer.once('error', reject)
    httpServer.listen(port, host, () => {
      httpServer.off('error', reject)
      resolve(httpServer.address() as AddressInfo)
    })
  })
}

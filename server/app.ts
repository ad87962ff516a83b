import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import type { Logger } from '../logging/open-log.ts'
import { isDatabaseAway } from '../prisma/database-away.ts'
import { answerSignIns } from './access/audit-sign-ins.ts'
import type { Auth } from './access/auth.ts'
import { settleClientAddress } from './access/client-address.ts'
import { type Identify, identifyAt } from './access/identify.ts'
import { limitAuthAttempts } from './access/rate-limit.ts'
import { giveRequestId } from './access/request-origin.ts'
import { AppError, type ErrorCode } from './errors.ts'
import { AWAY_MESSAGE } from './graphql/transport/format-error.ts'
import { createHealthRoutes } from './health.ts'
import { createAuditExportRoutes } from './http/audit-export.ts'
import { createCheckpointRoutes } from './http/checkpoints.ts'
import { createDeviceRoutes } from './http/device-sign-in.ts'
import { createDownloadRoutes } from './http/downloads.ts'
import { createPictureRoutes } from './http/pictures.ts'
import { createReceiptRoutes } from './http/receipts.ts'
import { createReportRoutes } from './http/report-download.ts'
import { createRunLogRoutes } from './http/run-log.ts'
import { createSchemaRoute } from './http/schema-file.ts'
import { createSharedFileRoutes } from './http/shared-files.ts'
import { endSlowBody } from './http/slow-bodies.ts'
import { createThumbnailRoutes } from './http/thumbnails.ts'
import { traceRequests } from './http/trace-requests.ts'
import { createUploadRoutes } from './http/uploads.ts'
import { refuseHostileText } from './refuse-text.ts'
import type { Services } from './services.ts'

const MAX_JSON_BYTES = 1024 * 1024
/** A megabyte takes a second; a byte now and then would keep a connection open for days. */
const BODY_WITHIN_MS = 30_000
/** A mutation may hash and keep an upload of 5 GiB, during which nothing moves on its socket. */
const LONGEST_WORK_MS = 15 * 60_000

const STATUS: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
}

interface AppOptions {
  services: Services
  auth: Auth
  identify: Identify
  graphql: RequestHandler
  mcp: RequestHandler
}

/** Adds every route to the app. */
export function mountRoutes(app: Express, { services, auth, identify, graphql, mcp }: AppOptions): void {
  const { config, database, log } = services
  const json = [refuseLarge, endSlowBody(BODY_WITHIN_MS), express.json({ limit: MAX_JSON_BYTES })]
  app.disable('x-powered-by')
  app.use(refuseHostileAddress, settleClientAddress(config.frontSecret), giveRequestId)
  app.use(traceRequests)
  app.use((_, response, next) => {
    response.set({ 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' })
    next()
  })
  app.use(createHealthRoutes(services))
  app.use('/schema.graphql', createSchemaRoute(config, identifyAt(identify, '/schema.graphql')))
  const form = express.urlencoded({ extended: false, limit: MAX_JSON_BYTES })
  app.use('/api/auth/device', json, form, refuseHostileBody, createDeviceRoutes(services))
  app.use('/api/auth', json, refuseHostileBody, limitAuthAttempts(config.authLimits))
  // better-auth would answer 500 where the database is away; asked first, the error is answered like any other.
  app.all('/api/auth/*route', async (_, __, next) => {
    await database.$queryRaw`SELECT 1`
    next()
  })
  app.all('/api/auth/*route', answerSignIns(services, auth))
  app.use('/uploads', createUploadRoutes(services, identifyAt(identify, '/uploads')))
  const byFile = identifyAt(identify, '/files')
  app.use('/files', createDownloadRoutes(services, byFile))
  app.use('/files', createAuditExportRoutes(services, byFile))
  app.use('/files', createReportRoutes(services, byFile))
  app.use('/files', createReceiptRoutes(services, byFile))
  app.use('/files', createCheckpointRoutes(services, byFile))
  app.use('/files', createRunLogRoutes(services, byFile))
  app.use('/files', createSharedFileRoutes(services))
  app.use('/thumbnails', createThumbnailRoutes(services, identifyAt(identify, '/thumbnails')))
  app.use('/pictures', createPictureRoutes(services, identifyAt(identify, '/pictures')))
  app.use('/graphql', json, allowLongWork, graphql)
  app.use('/mcp', json, mcp)
  app.use(
    (_, response) => void response.status(404).json({ code: 'NOT_FOUND', message: 'There is nothing here.' }),
  )
  app.use(answerErrors(log))
}

/** By its announced length: the parser would answer only after it had read the body to its end. */
const refuseLarge: RequestHandler = ({ headers }, _, next) => {
  const isLarge = Number(headers['content-length'] ?? 0) > MAX_JSON_BYTES
  next(isLarge ? Object.assign(new Error('the body is too large'), { status: 413 }) : undefined)
}

/** What better-auth would hand on to the database. */
const refuseHostileBody: RequestHandler = ({ body }, _, next) => {
  refuseHostileText(body)
  next()
}

/** Ids and numbers come in addresses, too. */
const refuseHostileAddress: RequestHandler = ({ url }, _, next) => {
  if (url.includes('%00')) throw new AppError('INVALID_INPUT', 'An address has no NUL.')
  next()
}

const allowLongWork: RequestHandler = (_, response, next) => {
  response.setTimeout(LONGEST_WORK_MS)
  next()
}

function answerErrors(log: Logger): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) return next(error)
    const { status, code, message } = describe(error)
    // The path without its query, which may hold a signature.
    if (status === 500)
      log.error({ err: error, method: request.method, path: request.path }, 'a request failed')
    response.status(status).json({ code, message })
  }
}

function describe(error: unknown): { status: number; code: string; message: string } {
  if (error instanceof AppError) {
    return { status: STATUS[error.code] ?? 400, code: error.code, message: error.message }
  }
  if (isDatabaseAway(error)) return { status: 503, code: 'UNAVAILABLE', message: AWAY_MESSAGE }
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500
  if (status === 413) return { status, code: 'LIMIT_EXCEEDED', message: 'A request has at most 1 MiB.' }
  if (status >= 400 && status < 500) {
    return {
      status,
      code: 'INVALID_INPUT',
      message: 'The request is malformed: its body is no JSON, or its URL no URL.',
    }
  }
  return {
    status: 500,
    code: 'INTERNAL_SERVER_ERROR',
    message: 'Something went wrong on our side. It was logged.',
  }
}

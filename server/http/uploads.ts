import { ERRORS, Server } from '@tus/server'
import { type RequestHandler, Router } from 'express'
import type { Identify } from '../access/identify.ts'
import { findPermitted, permit } from '../access/permit.ts'
import { notFound } from '../errors.ts'
import type { Services } from '../services.ts'
import { endStalledBody } from './slow-bodies.ts'

/** A kilobyte a second: slower lines than that do not carry an archive of images. */
const LEAST_SPEED = { everyMs: 60_000, leastBytes: 60_000 }

/** How long a request that gives way to another may still send what it has. */
const DRAIN_MS = 500

/**
 * /uploads/<id>: the bytes of uploads, by the tus protocol. `createUpload` made the row, so that tus only tells
 * (HEAD) and appends (PATCH); whatever else it can do stays off. The length is the row's.
 */
export function createUploadRoutes(services: Services, identify: Identify): Router {
  const tus = new Server({
    path: '/uploads',
    datastore: services.uploads.store,
    locker: services.uploadTurns.lockerFor((id) => prepareOpen(services, id)),
    lockDrainTimeout: DRAIN_MS,
    getFileIdFromRequest: (_, id) => id && services.uploads.keyOf(id),
    allowedOrigins: [],
    disableTerminationForFinishedUploads: true,
  })
  const router = Router()
  router.all('/:id', admit(services, identify), endStalledBody(LEAST_SPEED), (request, response) => {
    // Of the upload that was admitted alone: tus would take the last name of the address, one in its query, too.
    request.url = `/uploads/${request.params.id}`
    return tus.handle(request, response)
  })
  return router
}

function admit({ database }: Services, identify: Identify): RequestHandler<{ id: string }> {
  return async (request, response, next) => {
    if (request.method !== 'HEAD' && request.method !== 'PATCH') {
      return void response.status(405).set('Allow', 'HEAD, PATCH').json({
        code: 'INVALID_INPUT',
        message: 'Bytes come by PATCH, and HEAD tells how many have come. createUpload begins an upload.',
      })
    }
    const actor = await identify(request.headers)
    const upload = await findPermitted({ database, actor }, 'Upload', request.params.id, 'MEMBER')
    if (!upload) throw notFound('upload')
    // Nothing more comes into a team in its last day.
    if (request.method === 'PATCH') await permit({ database, actor }, 'Upload', upload.id, 'MEMBER')
    if (upload.status === 'FINALIZED') {
      return void response.status(410).json({ code: 'CONFLICT', message: 'The upload is finalized.' })
    }
    next()
  }
}

/** In the upload's turn: one that was canceled or finalized since it was admitted would leave an empty file that nobody finds. */
async function prepareOpen({ database, uploads }: Services, id: string): Promise<void> {
  const upload = await database.upload.findUnique({ where: { id } })
  if (upload?.status !== 'OPEN') throw ERRORS.FILE_NO_LONGER_EXISTS
  await uploads.prepare(id, Number(upload.byteLength))
}

import { pipeline } from 'node:stream/promises'
import { type Response, Router } from 'express'
import type { Actor } from '../access/actor.ts'
import type { Identify } from '../access/identify.ts'
import { findPermitted } from '../access/permit.ts'
import { readOverview } from '../blobs/overview.ts'
import { notFound } from '../errors.ts'
import type { Services } from '../services.ts'

/** A READY version never changes, and so neither do its thumbnails; but they are for its team alone. */
const FOR_EVER = 'private, max-age=31536000, immutable'

/**
 * /thumbnails/<version>/sheets/<split>/<number> and /thumbnails/<version>/mean, with a sign-in. Everything that they show
 * was drawn from pixels at the import: nothing is served as it was uploaded.
 */
export function createThumbnailRoutes(services: Services, identify: Identify): Router {
  const router = Router()
  router.get('/:id/sheets/:split/:number', async (request, response) => {
    const { id, split, number } = request.params
    const overview = await findOverview(services, await identify(request.headers), id)
    const sheets = Object.hasOwn(overview.sheets, split) ? overview.sheets[split] : undefined
    const sha256 = /^\d{1,6}$/.test(number) ? sheets?.[Number(number)] : undefined
    if (!sha256) throw notFound('sheet of thumbnails')
    await send(services, sha256, 'image/jpeg', request.headers['if-none-match'], response)
  })
  router.get('/:id/mean', async (request, response) => {
    const overview = await findOverview(services, await identify(request.headers), request.params.id)
    await send(services, overview.meanSha256, 'image/png', request.headers['if-none-match'], response)
  })
  return router
}

async function findOverview({ database, storage }: Services, actor: Actor | null, id: string) {
  const version = await findPermitted({ database, actor }, 'DatasetVersion', id, 'VIEWER')
  const overview = version?.overviewSha256 ? await readOverview(storage, version.overviewSha256) : null
  if (!overview) throw notFound('dataset version')
  return overview
}

async function send(
  { storage }: Services,
  sha256: string,
  type: string,
  ifNoneMatch: string | undefined,
  response: Response,
): Promise<void> {
  const etag = `"${sha256}"`
  response.set({ ETag: etag, 'Cache-Control': FOR_EVER, 'Content-Type': type })
  if (ifNoneMatch?.includes(etag)) return void response.status(304).end()
  if (!(await storage.has(sha256))) throw notFound('sheet of thumbnails')
  // A reader who goes away in the middle is no fault of ours.
  await pipeline(storage.read(sha256), response).catch(() => response.destroy())
}

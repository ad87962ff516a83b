import { buffer } from 'node:stream/consumers'
import { type Request, type Response, Router } from 'express'
import sharp from 'sharp'
import { PackedDataset } from '../../contract/packed/manifest.ts'
import type { Identify } from '../access/identify.ts'
import { findPermitted } from '../access/permit.ts'
import { notFound } from '../errors.ts'
import type { Services } from '../services.ts'

type Params = { versionId: string; split: string; index: string }

/**
 * /pictures/<version>/<split>/<index>: one picture of a packed version as a PNG, cut from its shard. A READY version never
 * changes, so that the answer may be kept for good by whoever may see it.
 */
export function createPictureRoutes(services: Services, identify: Identify): Router {
  const router = Router()
  router.get('/:versionId/:split/:index', async (request: Request<Params>, response) => {
    const { versionId, split, index } = request.params
    const actor = await identify(request.headers)
    const { database } = services
    const version = await findPermitted({ database, actor }, 'DatasetVersion', versionId, 'VIEWER')
    const picture = version?.status === 'READY' && locate(PackedDataset.parse(version.manifest), split, index)
    if (!picture) throw notFound('picture')
    const etag = `"${picture.sha256.slice(0, 32)}-${picture.offset}"`
    response.set({ ETag: etag, 'Cache-Control': 'private, max-age=31536000, immutable' })
    if (request.headers['if-none-match'] === etag) return void response.status(304).end()
    await send(services, picture, response)
  })
  return router
}

interface PackedPicture {
  sha256: string
  /** In the shard, bytes. */
  offset: number
  height: number
  width: number
  channels: 1 | 3
}

function locate(dataset: PackedDataset, split: string, index: string): PackedPicture | null {
  const { height, width, channels } = dataset
  const splits = new Map(Object.entries(dataset.splits))
  let place = /^\d{1,9}$/.test(index) ? Number(index) : Number.POSITIVE_INFINITY
  for (const { sha256, count } of splits.get(split)?.shards ?? []) {
    if (place < count) return { sha256, offset: place * height * width * channels, height, width, channels }
    place -= count
  }
  return null
}

async function send({ storage }: Services, picture: PackedPicture, response: Response): Promise<void> {
  const { sha256, offset, height, width, channels } = picture
  const end = offset + height * width * channels - 1
  const pixels = await buffer(storage.read(sha256, { start: offset, end }))
  const png = await sharp(pixels, { raw: { height, width, channels } }).png().toBuffer()
  response.type('png').send(png)
}

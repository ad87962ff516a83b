import { buffer } from 'node:stream/consumers'
import { type Request, type Response, Router } from 'express'
import {
  locatePicture,
  type PicturePart,
  type PlacedShard,
  pictureBytesOf,
  placeShards,
} from '../../contract/packed/locate.ts'
import { PackedDataset, splitNamed } from '../../contract/packed/manifest.ts'
import type { Identify } from '../access/identify.ts'
import { findPermitted } from '../access/permit.ts'
import { notFound } from '../errors.ts'
import type { Services } from '../services.ts'

const INDEX = /^\d{1,9}$/

type Params = { versionId: string; split: string; index: string }

/**
 * /pictures/<version>/<split>/<index>: one image of a packed version as a PNG, cut from its shard. A READY version never
 * changes, so that the answer may be kept for good by whoever may see it.
 */
export function createPictureRoutes(services: Services, identify: Identify): Router {
  const router = Router()
  router.get('/:versionId/:split/:index', async (request: Request<Params>, response) => {
    const { versionId, split, index } = request.params
    const actor = await identify(request.headers)
    const { database } = services
    const version = await findPermitted({ database, actor }, 'DatasetVersion', versionId, 'VIEWER')
    const dataset = version?.status === 'READY' && PackedDataset.parse(version.manifest)
    const picture = dataset && locate(dataset, split, index)
    if (!picture) throw notFound('picture')
    const etag = `"${picture.shard.sha256.slice(0, 32)}-${picture.offset}"`
    response.set({ ETag: etag, 'Cache-Control': 'private, max-age=31536000, immutable' })
    if (request.headers['if-none-match'] === etag) return void response.status(304).end()
    await send(services, dataset, picture, response)
  })
  return router
}

function locate(dataset: PackedDataset, name: string, index: string): PicturePart<PlacedShard> | null {
  const split = splitNamed(dataset, name)
  if (!split || !INDEX.test(index)) return null
  return locatePicture(placeShards(split), Number(index), pictureBytesOf(dataset))
}

async function send(
  { storage }: Services,
  { height, width, channels }: PackedDataset,
  { shard, offset, length }: PicturePart<PlacedShard>,
  response: Response,
): Promise<void> {
  const pixels = await buffer(storage.read(shard.sha256, { start: offset, end: offset + length - 1 }))
  // Loaded with the first image: most starts of a server never show one.
  const { default: sharp } = await import('sharp')
  const png = await sharp(pixels, { raw: { height, width, channels } }).png().toBuffer()
  response.type('png').send(png)
}

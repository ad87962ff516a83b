import type { Preparation } from '../../../contract/packed/preparation.ts'
import type { DatasetFiles } from '../archives/dataset-files.ts'
import type { DatasetFile } from '../archives/file-source.ts'
import type { Placed } from '../formats/arrangement.ts'
import { lookAtPicture, PICTURES_AT_A_TIME } from '../pictures/decode.ts'
import type { PictureShape } from '../pictures/picture-shape.ts'
import type { SeenPixels } from '../pictures/seen-pixels.ts'
import type { ImportLog } from './import-log.ts'
import { mapInOrder } from './map-in-order.ts'
import type { PackProgress } from './pack-progress.ts'

/** What was found out about an image from its header. */
export interface Header {
  /** Undefined of a raw image. */
  file: DatasetFile | undefined
  found: PictureShape
  hasAlpha?: boolean
  /** Where its pixels were kept, if they were. */
  keptAt?: number | undefined
}

interface Reading {
  files: DatasetFiles
  log: ImportLog
  seenPixels: SeenPixels
  options: { signal?: AbortSignal; preparation?: Preparation }
}

/** The headers that can be read, by path; images whose cannot are left out. */
export async function readHeaders(
  { files, log, seenPixels, options: { signal, preparation } }: Reading,
  pictures: readonly Placed[],
  progress: PackProgress,
): Promise<Map<string, Header>> {
  const headers = new Map<string, Header>()
  for (const { path, raw } of pictures)
    if (raw) headers.set(path, { found: raw.pictures.shape, file: undefined })
  const encoded = pictures.filter(({ raw }) => !raw)
  progress.skip(pictures.length - encoded.length)
  const looked = mapInOrder(encoded, PICTURES_AT_A_TIME, async ({ path }) => {
    signal?.throwIfAborted()
    const file = files.find(path)
    if (!file) throw new Error(`${path} is not among the files`)
    const seen = await log.orLeaveOut(path, () => lookAtPicture(files, file, preparation))
    return seen && { file, seen }
  })
  for await (const look of looked) {
    progress.step()
    if (!look) continue
    const { file, seen } = look
    const { found, hasAlpha } = seen
    headers.set(file.path, { file, found, hasAlpha, keptAt: await seenPixels.keep(seen) })
  }
  await seenPixels.finish()
  return headers
}

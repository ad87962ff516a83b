import { UNLABELLED } from '../../../contract/packed/numbers.ts'
import type { Preparation } from '../../../contract/packed/preparation.ts'
import type { BlobStorage } from '../../../storage/blob-storage.ts'
import type { DatasetFiles } from '../archives/dataset-files.ts'
import type {
  Arrangement,
  IdentifiedPath,
  LabelledPath,
  LabelledSplit,
  Placed,
} from '../formats/arrangement.ts'
import type { OverviewWriter } from '../overview/overview-writer.ts'
import { decodePicture, PICTURES_AT_A_TIME, readRaw } from '../pictures/decode.ts'
import type { PictureShape } from '../pictures/picture-shape.ts'
import type { SeenPixels } from '../pictures/seen-pixels.ts'
import type { ImportLog } from './import-log.ts'
import { mapInOrder } from './map-in-order.ts'
import type { Header } from './read-headers.ts'
import { IdentifiedSplitWriter, SplitWriter, UnlabelledSplitWriter } from './split-writer.ts'

export interface PackContext {
  files: DatasetFiles
  /** By path, of all images that are packed. */
  headers: Map<string, Header>
  seenPixels: SeenPixels
  storage: BlobStorage
  shape: PictureShape
  preparation: Preparation
  log: ImportLog
  classes: readonly string[]
  overview: OverviewWriter
  signal: AbortSignal | undefined
  onPicture(): void
  /** Which image came to which place of a split that has labels. */
  packed: Record<LabelledSplit, LabelledPath[]>
}

/** Packs the splits that a dataset is tested with. */
export async function packOthers(context: PackContext, arrangement: Arrangement) {
  const { kind } = arrangement
  if (kind === 'CLASSIFICATION') {
    const { validation = [], test, unlabelled = [] } = arrangement
    const splits = {
      ...(validation.length > 0 && { validation: await packLabelled(context, 'validation', validation) }),
      test: await packLabelled(context, 'test', test),
      ...(unlabelled.length > 0 && { unlabelled: await packUnlabelled(context, unlabelled) }),
    }
    return { kind, splits }
  }
  const query = await packIdentified(context, 'query', arrangement.query)
  return { kind, splits: { query, gallery: await packIdentified(context, 'gallery', arrangement.gallery) } }
}

export function packLabelled(
  context: PackContext,
  split: LabelledSplit,
  pictures: readonly LabelledPath[],
  onPixels: (pixels: Uint8Array) => void = () => {},
) {
  const writer = new SplitWriter(context.storage, context.shape, context.classes.length)
  return packSplit(context, pictures, writer, async (picture, pixels) => {
    onPixels(pixels)
    await writer.add(pixels, picture.label)
    context.packed[split].push(picture)
    await context.overview.add(split, pixels, picture.label)
  })
}

function packIdentified(context: PackContext, split: string, pictures: readonly IdentifiedPath[]) {
  const writer = new IdentifiedSplitWriter(context.storage, context.shape)
  return packSplit(context, pictures, writer, async (picture, pixels) => {
    await writer.add(pixels, picture)
    await context.overview.add(split, pixels, picture.identity)
  })
}

function packUnlabelled(context: PackContext, pictures: readonly Placed[]) {
  const writer = new UnlabelledSplitWriter(context.storage, context.shape)
  return packSplit(context, pictures, writer, async (_, pixels) => {
    await writer.add(pixels)
    await context.overview.add('unlabelled', pixels, UNLABELLED)
  })
}

async function packSplit<Picture extends Placed, Split>(
  context: PackContext,
  pictures: readonly Picture[],
  writer: { finish(): Promise<Split>; abandon(): Promise<void> },
  write: (picture: Picture, pixels: Uint8Array) => Promise<void>,
): Promise<Split> {
  const { headers, shape, log, signal, onPicture } = context
  const decoded = mapInOrder(pictures, PICTURES_AT_A_TIME, async (picture) => {
    signal?.throwIfAborted()
    const header = headers.get(picture.path)
    if (!header) throw new Error(`the header of ${picture.path} was not read`)
    const pixels = await log.orLeaveOut(picture.path, () => readPixels(context, picture, header))
    return { picture, header, pixels }
  })
  try {
    for await (const { picture, header, pixels } of decoded) {
      if (pixels) {
        await write(picture, pixels)
        log.addPicture(header, shape, pixels)
      }
      onPicture()
    }
    return await writer.finish()
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

async function readPixels(
  { files, seenPixels, shape, preparation }: PackContext,
  { path, raw }: Placed,
  { file, found, keptAt }: Header,
): Promise<Uint8Array> {
  if (raw) return readRaw(raw, shape, preparation)
  const kept = keptAt === undefined ? undefined : await seenPixels.read(keptAt, found, shape)
  if (kept) return kept
  if (!file) throw new Error(`${path} is neither raw nor a file`)
  return decodePicture(files, file, found, shape, preparation)
}

/** From files to the packed form (contract/packed/manifest.ts) that the engine reads without decoding again. */
import type { FormatName } from '../../../contract/dataset-formats.ts'
import type { ImportReport } from '../../../contract/import-report.ts'
import { PackedDataset } from '../../../contract/packed/manifest.ts'
import type { BlobStorage } from '../../../storage/blob-storage.ts'
import { type DatasetFiles, openDatasetFiles } from '../archives/dataset-files.ts'
import { UnreadableFile } from '../archives/unreadable-file.ts'
import type { Arrangement, Placed } from '../formats/arrangement.ts'
import { FORMATS, recognizeFormat } from '../formats/index.ts'
import { OverviewWriter } from '../overview/overview-writer.ts'
import { chooseShape, type WantedShape } from '../pictures/choose-shape.ts'
import type { PictureShape } from '../pictures/picture-shape.ts'
import { lookAtPicture, PICTURES_AT_A_TIME } from '../pictures/pictures.ts'
import { SeenPixels } from '../pictures/seen-pixels.ts'
import { RefusedDataset } from '../refused-dataset.ts'
import { ChannelStatistics } from './channel-statistics.ts'
import { ImportLog } from './import-log.ts'
import { mapInOrder } from './map-in-order.ts'
import { PackProgress } from './pack-progress.ts'
import { type Header, type PackContext, packLabelled, packOthers } from './pack-splits.ts'

export interface PackOptions {
  /** Left out: the one that the files show. */
  format?: FormatName | undefined
  wanted?: WantedShape
  /** Told after every picture that was looked at or packed, each worth half a picture; `total` counts them all. */
  onProgress?: (seen: number, total: number) => void
  /** Aborted: packing ends with the signal's reason, and nothing half-written stays. */
  signal?: AbortSignal
  /** Folder for what must be unpacked to be read; the system's where left out. */
  scratch?: string
}

export interface PackResult {
  manifest: PackedDataset
  report: ImportReport
  /** Name of the blob of contract/dataset-overview.ts. */
  overviewSha256: string
  /** The blobs that it names. */
  overviewBlobs: string[]
}

const ANY_SHAPE: WantedShape = { height: null, width: null, channels: null }

/**
 * Packs a zip or a folder into blobs. The same files give the same bytes, whatever archive they come in.
 * Two passes: the headers first, since the commonest size and “all are grey” must be known before the first byte is written.
 * @throws RefusedDataset where it cannot be used; a single unreadable picture is only left out and named in the report
 */
export async function packDataset(
  location: string,
  storage: BlobStorage,
  options: PackOptions = {},
): Promise<PackResult> {
  const files = await openDatasetFiles(location, options.scratch)
  try {
    const arrangement = await arrangeFiles(files, options.format)
    const log = new ImportLog(arrangement)
    const seenPixels = await SeenPixels.open(options.scratch)
    try {
      return await packArranged({ files, arrangement, log, seenPixels, storage, options })
    } catch (error) {
      if (error instanceof RefusedDataset) error.report = log.report()
      throw error
    } finally {
      await seenPixels.close()
    }
  } finally {
    await files.close()
  }
}

/** @throws RefusedDataset, also where a file that all depends on is damaged */
export async function arrangeFiles(
  files: DatasetFiles,
  format: FormatName | undefined,
): Promise<Arrangement> {
  try {
    return await FORMATS[format ?? (await recognizeFormat(files))].arrange(files)
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    throw new RefusedDataset(`A file that says what is in it cannot be read: ${error.message}.`, {
      cause: error,
    })
  }
}

interface Work {
  files: DatasetFiles
  arrangement: Arrangement
  log: ImportLog
  seenPixels: SeenPixels
  storage: BlobStorage
  options: PackOptions
}

async function packArranged(work: Work): Promise<PackResult> {
  const { arrangement, log, storage, options } = work
  const all = Object.values(splitsOf(arrangement)).flat()
  const progress = new PackProgress(all.length, options.onProgress)
  const headers = await lookAtAll(work, all, progress)
  progress.skip(all.length - headers.size)
  const readable = onlyReadable(arrangement, headers)
  refuseMissing(readable, log)
  const { shape, notes } = chooseShape(
    [...headers.values()].map(({ found }) => found),
    options.wanted ?? ANY_SHAPE,
  )
  log.notes.push(...notes)

  const overview = new OverviewWriter(storage, shape, options.scratch)
  try {
    return await packShaped({ ...work, arrangement: readable }, { headers, shape, overview, progress })
  } finally {
    await overview.close()
  }
}

interface Shaped {
  headers: Map<string, Header>
  shape: PictureShape
  overview: OverviewWriter
  progress: PackProgress
}

async function packShaped(
  { files, arrangement, log, seenPixels, storage, options }: Work,
  { headers, shape, overview, progress }: Shaped,
): Promise<PackResult> {
  const statistics = new ChannelStatistics(shape.channels)
  const context: PackContext = {
    files,
    headers,
    seenPixels,
    storage,
    shape,
    log,
    classes: arrangement.classes,
    signal: options.signal,
    overview,
    onPicture: () => progress.step(),
  }
  const train = await packLabelled(context, 'train', arrangement.train, (pixels) => statistics.add(pixels))
  const others = await packOthers(context, arrangement)
  const { means, deviations } = statistics.summarize()
  const manifest = PackedDataset.parse({
    format: 'studyhall-packed-1',
    kind: others.kind,
    ...shape,
    classes: arrangement.classes,
    ...(arrangement.superclasses ? { superclasses: arrangement.superclasses } : {}),
    splits: { train, ...others.splits },
    channelMeans: means,
    channelDeviations: deviations,
  })
  refuseEmpty(manifest)
  return { manifest, report: log.report(), ...(await overview.finish()) }
}

/** The splits of an arrangement by name. */
function splitsOf(arrangement: Arrangement): Record<string, readonly Placed[]> {
  const { train } = arrangement
  return arrangement.kind === 'CLASSIFICATION'
    ? { train, test: arrangement.test }
    : { train, query: arrangement.query, gallery: arrangement.gallery }
}

/** The headers that can be read, by path; pictures whose cannot are left out. */
async function lookAtAll(
  { files, log, seenPixels, options: { signal } }: Work,
  pictures: readonly Placed[],
  progress: PackProgress,
): Promise<Map<string, Header>> {
  const byPath = new Map(files.list.map((file) => [file.path, file]))
  const headers = new Map<string, Header>()
  for (const { path, raw } of pictures)
    if (raw) headers.set(path, { found: raw.pictures.shape, file: undefined })
  const encoded = pictures.filter(({ raw }) => !raw)
  progress.skip(pictures.length - encoded.length)
  const looked = mapInOrder(encoded, PICTURES_AT_A_TIME, async ({ path }) => {
    signal?.throwIfAborted()
    const file = byPath.get(path)!
    const seen = await log.orLeaveOut(path, () => lookAtPicture(files, file))
    return seen && { file, seen }
  })
  for await (const look of looked) {
    progress.step()
    if (!look) continue
    const { file, seen } = look
    headers.set(file.path, { file, found: seen.found, keptAt: await seenPixels.keep(seen) })
  }
  await seenPixels.finish()
  return headers
}

function onlyReadable(arrangement: Arrangement, headers: Map<string, Header>): Arrangement {
  const readable = <Picture extends Placed>(pictures: Picture[]) =>
    pictures.filter(({ path }) => headers.has(path))
  const train = readable(arrangement.train)
  return arrangement.kind === 'CLASSIFICATION'
    ? { ...arrangement, train, test: readable(arrangement.test) }
    : { ...arrangement, train, query: readable(arrangement.query), gallery: readable(arrangement.gallery) }
}

function refuseMissing(arrangement: Arrangement, log: ImportLog): void {
  const { leftOut } = log.report()
  const firstReason = leftOut[0] ? ` The first: ${leftOut[0].path}: ${leftOut[0].reason}.` : ''
  for (const [name, pictures] of Object.entries(splitsOf(arrangement))) {
    if (pictures.length === 0)
      throw new RefusedDataset(`No ${PICTURES_OF[name]} could be read.${firstReason}`)
  }
  const trained = new Set(arrangement.train.map(({ label }) => label))
  const untrained = arrangement.classes.find((_, label) => !trained.has(label))
  if (untrained !== undefined)
    throw new RefusedDataset(
      `The class “${untrained}” has no training picture that can be read.${firstReason}`,
    )
}

const PICTURES_OF: Record<string, string> = {
  train: 'training picture',
  test: 'test picture',
  query: 'query',
  gallery: 'gallery picture',
}

/** Headers can be whole where the pictures are not. */
function refuseEmpty({ classes, splits }: PackedDataset): void {
  const empty = splits.train.classCounts.indexOf(0)
  if (empty >= 0)
    throw new RefusedDataset(`The class “${classes[empty]}” has no training picture that can be decoded.`)
  for (const [name, { count }] of Object.entries<{ count: number }>(splits)) {
    if (count === 0) throw new RefusedDataset(`No ${PICTURES_OF[name]} could be decoded.`)
  }
}

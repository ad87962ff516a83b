/** From files to the packed form (contract/packed/manifest.ts) that the engine reads without decoding again. */
import type { FormatName } from '../../../contract/dataset-formats.ts'
import type { ImportReport } from '../../../contract/import-report.ts'
import { PackedDataset } from '../../../contract/packed/manifest.ts'
import { type Preparation, USUAL_PREPARATION } from '../../../contract/packed/preparation.ts'
import type { BlobStorage } from '../../../storage/blob-storage.ts'
import { type DatasetFiles, openDatasetFiles } from '../archives/dataset-files.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { arrangeFiles } from '../formats/arrange-files.ts'
import { type Arrangement, keepPictures, splitsOf } from '../formats/arrangement.ts'
import { doubtsOfClasses } from '../formats/class-doubts.ts'
import { OverviewWriter } from '../overview/overview-writer.ts'
import { chooseShape, type WantedShape } from '../pictures/choose-shape.ts'
import type { PictureShape } from '../pictures/picture-shape.ts'
import { SeenPixels } from '../pictures/seen-pixels.ts'
import { ChannelStatistics } from './channel-statistics.ts'
import { doubtsOfLabels } from './doubts-of-labels.ts'
import { ImportLog } from './import-log.ts'
import { PackProgress } from './pack-progress.ts'
import { type PackContext, packLabelled, packOthers } from './pack-splits.ts'
import { type Header, readHeaders } from './read-headers.ts'
import { refuseEmpty, refuseMissing } from './refuse-unusable.ts'

export interface PackOptions {
  /** Left out: the one that the files show. */
  format?: FormatName | undefined
  wanted?: WantedShape
  preparation?: Preparation
  /** Told after every image that was looked at or packed, each worth half an image; `total` counts them all. */
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
 * @throws InvalidDatasetError where it cannot be used; a single unreadable image is only left out and named in the report
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
      if (error instanceof InvalidDatasetError) error.report = log.report()
      throw error
    } finally {
      await seenPixels.close()
    }
  } finally {
    await files.close()
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
  const headers = await readHeaders(work, all, progress)
  progress.skip(all.length - headers.size)
  const readable = keepPictures(arrangement, ({ path }) => headers.has(path))
  refuseMissing(readable, log)
  log.doubts.push(...doubtsOfClasses(readable))
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
  const { preparation = USUAL_PREPARATION } = options
  const statistics = new ChannelStatistics(shape.channels)
  const context: PackContext = {
    files,
    headers,
    seenPixels,
    storage,
    shape,
    preparation,
    log,
    classes: arrangement.classes,
    signal: options.signal,
    overview,
    onPicture: () => progress.step(),
    packed: { train: [], validation: [], test: [] },
  }
  const train = await packLabelled(context, 'train', arrangement.train, (pixels) => statistics.add(pixels))
  const others = await packOthers(context, arrangement)
  const { means, deviations } = statistics.summarize()
  const manifest = PackedDataset.parse({
    format: 'studyhall-packed-1',
    kind: others.kind,
    ...shape,
    preparation,
    classes: arrangement.classes,
    ...(arrangement.superclasses ? { superclasses: arrangement.superclasses } : {}),
    splits: { train, ...others.splits },
    channelMeans: means,
    channelDeviations: deviations,
  })
  refuseEmpty(manifest)
  log.tellPreparation(shape, preparation)
  const { exact, overviewSha256, overviewBlobs } = await overview.finish()
  log.doubts.push(...doubtsOfLabels(exact, context.packed, arrangement.classes))
  return { manifest, report: log.report(), overviewSha256, overviewBlobs }
}

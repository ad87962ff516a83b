/** From files to the packed form (contract/packed-dataset.ts) that the engine reads without decoding again. */
import type { ImportReport } from '../../contract/import-report.ts'
import { PackedDataset, type PackedSplit } from '../../contract/packed-dataset.ts'
import type { DiskStorage } from '../../storage/disk.ts'
import type { Arrangement, LabelledPath } from './arrangement.ts'
import { ChannelStatistics } from './channel-statistics.ts'
import { chooseShape, type WantedShape } from './choose-shape.ts'
import { type DatasetFile, type DatasetFiles, openDatasetFiles } from './dataset-files.ts'
import { FORMATS, type FormatName } from './formats.ts'
import { ImportLog } from './import-log.ts'
import { mapInOrder } from './map-in-order.ts'
import { decodePicture, inspectPicture, PICTURES_AT_A_TIME, type PictureShape } from './pictures.ts'
import { RefusedDataset } from './refused-dataset.ts'
import { SplitWriter } from './split-writer.ts'
import { UnreadableFile } from './unreadable-file.ts'

export interface PackOptions {
  format?: FormatName
  wanted?: WantedShape
  /** Told after every picture that was packed or left out; `total` counts them all. */
  onProgress?: (seen: number, total: number) => void
  /** Aborted: packing ends with the signal's reason, and nothing half-written stays. */
  signal?: AbortSignal
}

export interface PackResult {
  manifest: PackedDataset
  report: ImportReport
}

interface FoundPicture extends LabelledPath {
  file: DatasetFile
  found: PictureShape
}

const ANY_SHAPE: WantedShape = { height: null, width: null, channels: null }

/**
 * Packs a zip or a folder into blobs. The same files give the same bytes, whatever archive they come in.
 * Two passes: the headers first, since the commonest size and “all are grey” must be known before the first byte is written.
 * @throws RefusedDataset where it cannot be used; a single unreadable picture is only left out and named in the report
 */
export async function packDataset(
  location: string,
  storage: DiskStorage,
  options: PackOptions = {},
): Promise<PackResult> {
  const files = await openDatasetFiles(location)
  try {
    const arrangement = FORMATS[options.format ?? 'image-folder'](files.list.map(({ path }) => path))
    const log = new ImportLog(arrangement)
    try {
      return await packArranged(files, arrangement, log, storage, options)
    } catch (error) {
      if (error instanceof RefusedDataset) error.report = log.report()
      throw error
    }
  } finally {
    await files.close()
  }
}

async function packArranged(
  files: DatasetFiles,
  arrangement: Arrangement,
  log: ImportLog,
  storage: DiskStorage,
  options: PackOptions,
): Promise<PackResult> {
  const byPath = new Map(files.list.map((file) => [file.path, file]))
  const total = arrangement.train.length + arrangement.test.length
  const train = await inspectAll(files, byPath, arrangement.train, log, options)
  const test = await inspectAll(files, byPath, arrangement.test, log, options)
  refuseMissing(arrangement.classes, train, test, log)
  const { shape, notes } = chooseShape(
    [...train, ...test].map(({ found }) => found),
    options.wanted ?? ANY_SHAPE,
  )
  log.notes.push(...notes)

  const statistics = new ChannelStatistics(shape.channels)
  let seen = total - train.length - test.length
  const context: PackContext = {
    files,
    storage,
    shape,
    log,
    classes: arrangement.classes,
    signal: options.signal,
    onPicture: () => options.onProgress?.(++seen, total),
  }
  const packedTrain = await packSplit(context, train, (pixels) => statistics.add(pixels))
  const packedTest = await packSplit(context, test, () => {})
  refuseEmpty(arrangement.classes, packedTrain, packedTest)
  const { means, deviations } = statistics.summarize()
  const manifest = PackedDataset.parse({
    format: 'studyhall-packed-1',
    kind: 'CLASSIFICATION',
    ...shape,
    classes: arrangement.classes,
    splits: { train: packedTrain, test: packedTest },
    channelMeans: means,
    channelDeviations: deviations,
  })
  return { manifest, report: log.report() }
}

/** The pictures whose headers can be read; the others are left out. */
async function inspectAll(
  files: DatasetFiles,
  byPath: Map<string, DatasetFile>,
  pictures: readonly LabelledPath[],
  log: ImportLog,
  { signal }: PackOptions,
): Promise<FoundPicture[]> {
  const inspected: FoundPicture[] = []
  const shapes = mapInOrder(pictures, PICTURES_AT_A_TIME, async (picture) => {
    signal?.throwIfAborted()
    const file = byPath.get(picture.path)!
    const found = await orLeaveOut(log, file.path, () => inspectPicture(files, file))
    return found && { ...picture, file, found }
  })
  for await (const picture of shapes) if (picture) inspected.push(picture)
  return inspected
}

interface PackContext {
  files: DatasetFiles
  storage: DiskStorage
  shape: PictureShape
  log: ImportLog
  classes: readonly string[]
  signal: AbortSignal | undefined
  onPicture(): void
}

async function packSplit(
  { files, storage, shape, log, classes, signal, onPicture }: PackContext,
  pictures: readonly FoundPicture[],
  onPixels: (pixels: Uint8Array) => void,
): Promise<PackedSplit> {
  const writer = new SplitWriter(storage, shape, classes.length)
  const decoded = mapInOrder(pictures, PICTURES_AT_A_TIME, async (picture) => {
    signal?.throwIfAborted()
    const pixels = await orLeaveOut(log, picture.path, () =>
      decodePicture(files, picture.file, picture.found, shape),
    )
    return { picture, pixels }
  })
  try {
    for await (const { picture, pixels } of decoded) {
      if (pixels) {
        onPixels(pixels)
        await writer.add(pixels, picture.label)
        log.addPicture(picture.found, shape)
      }
      onPicture()
    }
    return await writer.finish()
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

async function orLeaveOut<Result>(
  log: ImportLog,
  path: string,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    log.leaveOut(path, error.message)
    return undefined
  }
}

function refuseMissing(
  classes: readonly string[],
  train: readonly LabelledPath[],
  test: readonly LabelledPath[],
  log: ImportLog,
): void {
  const { leftOut } = log.report()
  const firstReason = leftOut[0] ? ` The first: ${leftOut[0].path}: ${leftOut[0].reason}.` : ''
  if (train.length === 0) throw new RefusedDataset(`No training picture could be read.${firstReason}`)
  if (test.length === 0) throw new RefusedDataset(`No test picture could be read.${firstReason}`)
  const trained = new Set(train.map(({ label }) => label))
  const untrained = classes.find((_, label) => !trained.has(label))
  if (untrained !== undefined)
    throw new RefusedDataset(
      `The class “${untrained}” has no training picture that can be read.${firstReason}`,
    )
}

/** Headers can be whole where the pictures are not. */
function refuseEmpty(classes: readonly string[], train: PackedSplit, test: PackedSplit): void {
  const empty = train.classCounts.indexOf(0)
  if (empty >= 0)
    throw new RefusedDataset(`The class “${classes[empty]}” has no training picture that can be decoded.`)
  if (test.count === 0) throw new RefusedDataset('No test picture could be decoded.')
}

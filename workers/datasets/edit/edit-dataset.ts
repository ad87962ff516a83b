/** Another version out of a packed one: the same images, fewer or placed otherwise. */
import { findEditProblem } from '../../../contract/edits/check-edit.ts'
import type { DatasetEdit } from '../../../contract/edits/dataset-edit.ts'
import type { ImportReport } from '../../../contract/import-report.ts'
import { type AnySplit, PackedDataset, type SplitName, splitsOf } from '../../../contract/packed/manifest.ts'
import type { VersionNumbers } from '../../../contract/packed/numbers.ts'
import type { BlobStorage } from '../../../storage/blob-storage.ts'
import { InvalidDatasetError } from '../archives/invalid-dataset-error.ts'
import { OverviewWriter } from '../overview/overview-writer.ts'
import { ChannelStatistics } from '../pack/channel-statistics.ts'
import type { PackOptions, PackResult } from '../pack/pack.ts'
import { IdentifiedSplitWriter, SplitWriter, UnlabelledSplitWriter } from '../pack/split-writer.ts'
import { type EditPlan, type Kept, planEdit } from './edit-plan.ts'
import { PackedPictures } from './packed-pictures.ts'

type Options = Pick<PackOptions, 'onProgress' | 'signal' | 'scratch'>

/** The splits of the old version, open. */
type Sources = Map<SplitName, PackedPictures>

/**
 * Makes and stores what the edit asks for.
 * @throws InvalidDatasetError where the edit names what is not there, or leaves nothing to learn or to test
 */
export async function editDataset(
  dataset: PackedDataset,
  edit: DatasetEdit,
  storage: BlobStorage,
  options: Options = {},
): Promise<PackResult> {
  const sources = await openSources(dataset, storage)
  const overview = new OverviewWriter(storage, dataset, options.scratch)
  try {
    const numbers: VersionNumbers = Object.fromEntries(
      [...sources].map(([name, source]) => [name, source.numbers]),
    )
    const problem = findEditProblem(dataset, numbers, edit)
    if (problem) throw new InvalidDatasetError(problem.message)
    const plan = planEdit(dataset, numbers, edit)
    return await carryOut({ dataset, edit, storage, sources, overview, plan, options })
  } finally {
    await overview.close()
    for (const source of sources.values()) await source.close()
  }
}

async function openSources(dataset: PackedDataset, storage: BlobStorage): Promise<Sources> {
  const sources: Sources = new Map()
  for (const [name, split] of splitsOf(dataset))
    sources.set(name, await PackedPictures.open(dataset, split, storage))
  return sources
}

function sourceNamed({ sources }: Work, name: SplitName): PackedPictures {
  const source = sources.get(name)
  if (!source) throw new Error(`the version has no split “${name}”`)
  return source
}

interface Work {
  dataset: PackedDataset
  edit: DatasetEdit
  storage: BlobStorage
  sources: Sources
  overview: OverviewWriter
  plan: EditPlan
  options: Options
}

async function carryOut(work: Work): Promise<PackResult> {
  const { dataset, plan, overview } = work
  const statistics = new ChannelStatistics(dataset.channels)
  const total = [...plan.splits.values()].reduce((sum, { length }) => sum + length, 0)
  let seen = 0
  const splits: Record<string, AnySplit> = {}
  for (const [split, kept] of plan.splits) {
    if (kept.length === 0 && (split === 'validation' || split === 'unlabelled')) continue
    splits[split] = await copy(work, split, kept, (pixels) => {
      if (split === 'train') statistics.add(pixels)
      work.options.onProgress?.(++seen, total)
    })
  }
  const { means, deviations } = statistics.summarize()
  const { superclasses: _, ...rest } = dataset
  const manifest = PackedDataset.parse({
    ...rest,
    classes: plan.classes,
    ...(plan.superclasses ? { superclasses: plan.superclasses } : {}),
    splits,
    channelMeans: means,
    channelDeviations: deviations,
  })
  const { overviewSha256, overviewBlobs } = await overview.finish()
  return { manifest, report: reportOf(work, total), overviewSha256, overviewBlobs }
}

async function copy(
  work: Work,
  split: SplitName,
  pictures: readonly Kept[],
  onPixels: (pixels: Uint8Array) => void,
): Promise<AnySplit> {
  const { write, writer } = openWriter(work, split)
  try {
    for (const kept of pictures) {
      work.options.signal?.throwIfAborted()
      const pixels = await sourceNamed(work, kept.from).read(kept.index)
      await write(pixels, kept)
      await work.overview.add(split, pixels, kept.label)
      onPixels(pixels)
    }
    return await writer.finish()
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

function openWriter(work: Work, split: SplitName) {
  const { storage, dataset, plan } = work
  const { are } = sourceNamed(work, split).numbers
  if (are === 'NOTHING') {
    const writer = new UnlabelledSplitWriter(storage, dataset)
    return { writer, write: (pixels: Uint8Array) => writer.add(pixels) }
  }
  if (are === 'CLASSES') {
    const writer = new SplitWriter(storage, dataset, plan.classes.length)
    return { writer, write: (pixels: Uint8Array, { label }: Kept) => writer.add(pixels, label) }
  }
  const writer = new IdentifiedSplitWriter(storage, dataset)
  const write = (pixels: Uint8Array, { from, index, label }: Kept) =>
    writer.add(pixels, { identity: label, camera: sourceNamed(work, from).cameraOf(index) })
  return { writer, write }
}

function reportOf({ dataset, edit }: Work, pictures: number): ImportReport {
  const before = splitsOf(dataset).reduce((sum, [, { count }]) => sum + count, 0)
  const { height, width } = dataset
  const moved = edit.move.reduce((sum, { indices }) => sum + indices.length, 0)
  const what = dataset.kind === 'CLASSIFICATION' ? 'class' : 'identity'
  return {
    pictures,
    ignored: [],
    ignoredCount: 0,
    leftOut: [],
    leftOutCount: 0,
    sizes: [{ height, width, count: pictures }],
    resizedCount: 0,
    doubts: [],
    notes: [
      `Made of another version: ${pictures.toLocaleString('en')} of its ${before.toLocaleString('en')} images.`,
      ...(moved > 0 ? [`${moved.toLocaleString('en')} went to the other split.`] : []),
      ...edit.rename.map(({ from, to }) => `The ${what} “${from}” became “${to}”.`),
    ],
  }
}

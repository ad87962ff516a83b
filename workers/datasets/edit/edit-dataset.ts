/** Another version out of a packed one: the same pictures, fewer or placed otherwise. */
import { readFile } from 'node:fs/promises'
import { findEditProblem } from '../../../contract/edits/check-edit.ts'
import type { DatasetEdit } from '../../../contract/edits/dataset-edit.ts'
import type { ImportReport } from '../../../contract/import-report.ts'
import {
  type IdentifiedSplit,
  PackedDataset,
  type PackedSplit,
  parseNumbers,
} from '../../../contract/packed/manifest.ts'
import type { BlobStorage } from '../../../storage/blob-storage.ts'
import { OverviewWriter } from '../overview/overview-writer.ts'
import { ChannelStatistics } from '../pack/channel-statistics.ts'
import type { PackOptions, PackResult } from '../pack/pack.ts'
import { PackedPictures } from '../pack/packed-pictures.ts'
import { IdentifiedSplitWriter, SplitWriter } from '../pack/split-writer.ts'
import { RefusedDataset } from '../refused-dataset.ts'
import { type EditPlan, planEdit } from './edit-plan.ts'

type Options = Pick<PackOptions, 'onProgress' | 'signal' | 'scratch'>

/** A split of the old version that is open. */
interface Source {
  pictures: PackedPictures
  /** Of searched pictures alone. */
  cameras?: Int32Array
}

/**
 * Makes and stores what the edit asks for.
 * @throws RefusedDataset where the edit names what is not there, or leaves nothing to learn or to test
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
    const numbers = {
      labels: mapValues(sources, ({ pictures }) => pictures.labels),
      cameras: camerasOf(sources),
    }
    const problem = findEditProblem(dataset, numbers, edit)
    if (problem) throw new RefusedDataset(problem.message)
    const plan = planEdit(dataset, numbers, edit)
    return await carryOut({ dataset, edit, storage, sources, overview, plan, options })
  } finally {
    await overview.close()
    for (const { pictures } of Object.values(sources)) await pictures.close()
  }
}

async function openSources(dataset: PackedDataset, storage: BlobStorage): Promise<Record<string, Source>> {
  const sources: Record<string, Source> = {}
  for (const [name, split] of Object.entries<PackedSplit | IdentifiedSplit>(dataset.splits)) {
    if ('labelsSha256' in split) {
      sources[name] = { pictures: await PackedPictures.open(dataset, split, storage) }
      continue
    }
    const labelled = { ...split, labelsSha256: split.identitiesSha256, classCounts: [] }
    const cameras = parseNumbers(await readFile(await storage.fetchLocal(split.camerasSha256)))
    sources[name] = { pictures: await PackedPictures.open(dataset, labelled, storage), cameras }
  }
  return sources
}

function camerasOf(sources: Record<string, Source>): Record<string, Int32Array> {
  const known = Object.entries(sources).flatMap(([name, { cameras }]) => (cameras ? [[name, cameras]] : []))
  return Object.fromEntries(known)
}

interface Work {
  dataset: PackedDataset
  edit: DatasetEdit
  storage: BlobStorage
  sources: Record<string, Source>
  overview: OverviewWriter
  plan: EditPlan
  options: Options
}

async function carryOut(work: Work): Promise<PackResult> {
  const { dataset, plan, overview } = work
  const statistics = new ChannelStatistics(dataset.channels)
  const total = Object.values(plan.splits).reduce((sum, { length }) => sum + length, 0)
  let seen = 0
  const splits: Record<string, PackedSplit | IdentifiedSplit> = {}
  for (const split of Object.keys(plan.splits)) {
    splits[split] = await copy(work, split, (pixels) => {
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
  return { manifest, report: reportOf(work, total), ...(await overview.finish()) }
}

async function copy(
  { dataset, storage, sources, overview, plan, options }: Work,
  split: string,
  onPixels: (pixels: Uint8Array) => void,
): Promise<PackedSplit | IdentifiedSplit> {
  const writer = sources[split]!.cameras
    ? new IdentifiedSplitWriter(storage, dataset)
    : new SplitWriter(storage, dataset, plan.classes.length)
  try {
    for (const { from, index, label } of plan.splits[split]!) {
      options.signal?.throwIfAborted()
      const { pictures, cameras } = sources[from]!
      const pixels = await pictures.read(index)
      if (writer instanceof SplitWriter) await writer.add(pixels, label)
      else await writer.add(pixels, { identity: label, camera: cameras![index]! })
      await overview.add(split, pixels, label)
      onPixels(pixels)
    }
    return await writer.finish()
  } catch (error) {
    await writer.abandon()
    throw error
  }
}

function reportOf({ dataset, edit }: Work, pictures: number): ImportReport {
  const before = Object.values(dataset.splits).reduce((sum, { count }) => sum + count, 0)
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
    notes: [
      `Made of another version: ${pictures.toLocaleString('en')} of its ${before.toLocaleString('en')} pictures.`,
      ...(moved > 0 ? [`${moved.toLocaleString('en')} went to the other split.`] : []),
      ...edit.rename.map(({ from, to }) => `The ${what} “${from}” became “${to}”.`),
    ],
  }
}

function mapValues<From, To>(record: Record<string, From>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))
}

/** Another version out of a packed one: the same pictures, fewer or placed otherwise. */
import type { DatasetEdit } from '../../contract/dataset-edit.ts'
import type { ImportReport } from '../../contract/import-report.ts'
import { type ClassificationDataset, PackedDataset } from '../../contract/packed-dataset.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'
import { ChannelStatistics } from './channel-statistics.ts'
import { chooseSubset } from './choose-subset.ts'
import { OverviewWriter } from './overview/overview-writer.ts'
import type { PackOptions, PackResult } from './pack.ts'
import { PackedPictures } from './packed-pictures.ts'
import { RefusedDataset } from './refused-dataset.ts'
import { SplitWriter } from './split-writer.ts'

type SplitName = 'train' | 'test'
const SPLITS: readonly SplitName[] = ['train', 'test']

/** A picture of the old version and its class in the new one. */
interface Kept {
  from: SplitName
  index: number
  label: number
}
type Plan = Record<SplitName, Kept[]>

interface Classes {
  names: string[]
  superclasses?: string[]
  /** The new label of each old one. */
  labels: number[]
}

/**
 * Makes and stores what the edit asks for; pictures keep their order, those that moved come last.
 * @throws RefusedDataset where the edit names what is not there, or leaves nothing to learn or to test
 */
export async function editDataset(
  dataset: PackedDataset,
  edit: DatasetEdit,
  storage: BlobStorage,
  options: Pick<PackOptions, 'onProgress' | 'signal' | 'scratch'> = {},
): Promise<PackResult> {
  if (dataset.kind !== 'CLASSIFICATION')
    throw new RefusedDataset('Only datasets of classes can be edited; upload a dataset for retrieval anew.')
  const classes = renameClasses(dataset, edit)
  const pictures = {
    train: await PackedPictures.open(dataset, dataset.splits.train, storage),
    test: await PackedPictures.open(dataset, dataset.splits.test, storage),
  }
  const overview = new OverviewWriter(storage, dataset, options.scratch)
  try {
    const plan = makePlan(pictures, edit, classes)
    const used = dropEmptyClasses(plan, classes)
    return await carryOut({ dataset, edit, storage, pictures, overview, plan, classes: used, options })
  } finally {
    await overview.close()
    for (const split of SPLITS) await pictures[split].close()
  }
}

function renameClasses(dataset: ClassificationDataset, { rename }: DatasetEdit): Classes {
  const names = new Map(dataset.classes.map((name) => [name, name]))
  for (const { from, to } of rename) {
    if (!names.has(from)) throw new RefusedDataset(`There is no class “${from}” that could be renamed.`)
    names.set(from, to)
  }
  const renamed = [...new Set(names.values())]
  const labels = dataset.classes.map((name) => renamed.indexOf(names.get(name)!))
  const { superclasses } = dataset
  if (!superclasses) return { names: renamed, labels }
  return {
    names: renamed,
    labels,
    superclasses: renamed.map((_, label) => superclasses[labels.indexOf(label)]!),
  }
}

function makePlan(pictures: Record<SplitName, PackedPictures>, edit: DatasetEdit, classes: Classes): Plan {
  const dropped = placesOf(pictures, edit.drop)
  const moved = placesOf(pictures, edit.move)
  const plan: Plan = { train: [], test: [] }
  const add = (from: SplitName, to: SplitName, isWanted: (index: number) => boolean) => {
    for (const [index, label] of pictures[from].labels.entries())
      if (isWanted(index)) plan[to].push({ from, index, label: classes.labels[label]! })
  }
  for (const split of SPLITS)
    add(split, split, (index) => !dropped[split].has(index) && !moved[split].has(index))
  add('test', 'train', (index) => moved.test.has(index) && !dropped.test.has(index))
  add('train', 'test', (index) => moved.train.has(index) && !dropped.train.has(index))
  return edit.subset ? takeSubsetOf(plan, edit.subset, classes.names.length) : plan
}

function placesOf(
  pictures: Record<SplitName, PackedPictures>,
  places: DatasetEdit['drop'],
): Record<SplitName, Set<number>> {
  const sets = { train: new Set<number>(), test: new Set<number>() }
  for (const { split, indices } of places) {
    const count = pictures[split].labels.length
    for (const index of indices) {
      if (index >= count)
        throw new RefusedDataset(`There is no picture ${index} in “${split}”, which has ${count}.`)
      sets[split].add(index)
    }
  }
  return sets
}

function takeSubsetOf(plan: Plan, subset: NonNullable<DatasetEdit['subset']>, classCount: number): Plan {
  const take = (split: SplitName, perClass: number | null) => {
    const labels = plan[split].map(({ label }) => label)
    const chosen = chooseSubset(labels, classCount, { perClass, key: `${subset.seed}/${split}` })
    return plan[split].filter((_, i) => chosen.has(i))
  }
  return { train: take('train', subset.trainPerClass), test: take('test', subset.testPerClass) }
}

/** Classes without pictures go; the labels of the plan become those of the classes that stay. */
function dropEmptyClasses(plan: Plan, classes: Classes): Classes {
  const learned = new Set(plan.train.map(({ label }) => label))
  const untrained = plan.test.find(({ label }) => !learned.has(label))
  if (untrained)
    throw new RefusedDataset(
      `The class “${classes.names[untrained.label]}” would have test pictures but no training picture.`,
    )
  const stay = [...classes.names.keys()].filter((label) => learned.has(label))
  if (stay.length < 2) throw new RefusedDataset('Fewer than two classes would be left.')
  if (plan.test.length === 0) throw new RefusedDataset('No test picture would be left.')
  const labels = new Map(stay.map((old, label) => [old, label]))
  for (const split of SPLITS) for (const kept of plan[split]) kept.label = labels.get(kept.label)!
  const { superclasses } = classes
  return {
    names: stay.map((label) => classes.names[label]!),
    labels: classes.labels,
    ...(superclasses ? { superclasses: stay.map((label) => superclasses[label]!) } : {}),
  }
}

interface Work {
  dataset: ClassificationDataset
  edit: DatasetEdit
  storage: BlobStorage
  pictures: Record<SplitName, PackedPictures>
  overview: OverviewWriter
  plan: Plan
  classes: Classes
  options: Pick<PackOptions, 'onProgress' | 'signal'>
}

async function carryOut(work: Work): Promise<PackResult> {
  const { dataset, plan, classes, overview } = work
  const statistics = new ChannelStatistics(dataset.channels)
  const total = plan.train.length + plan.test.length
  let seen = 0
  const onPicture = () => work.options.onProgress?.(++seen, total)
  const train = await copy(work, 'train', (pixels) => {
    statistics.add(pixels)
    onPicture()
  })
  const test = await copy(work, 'test', onPicture)
  const { means, deviations } = statistics.summarize()
  const { superclasses: _, ...rest } = dataset
  const manifest = PackedDataset.parse({
    ...rest,
    classes: classes.names,
    ...(classes.superclasses ? { superclasses: classes.superclasses } : {}),
    splits: { train, test },
    channelMeans: means,
    channelDeviations: deviations,
  })
  return { manifest, report: reportOf(work, total), ...(await overview.finish()) }
}

async function copy(
  { dataset, storage, pictures, overview, plan, classes, options }: Work,
  split: SplitName,
  onPixels: (pixels: Uint8Array) => void,
) {
  const writer = new SplitWriter(storage, dataset, classes.names.length)
  try {
    for (const { from, index, label } of plan[split]) {
      options.signal?.throwIfAborted()
      const pixels = await pictures[from].read(index)
      await writer.add(pixels, label)
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
  const before = dataset.splits.train.count + dataset.splits.test.count
  const { height, width } = dataset
  const moved = edit.move.reduce((sum, { indices }) => sum + indices.length, 0)
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
      ...edit.rename.map(({ from, to }) => `The class “${from}” became “${to}”.`),
    ],
  }
}

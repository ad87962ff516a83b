import {
  type DatasetOverview,
  orderOfThumbnails,
  type PicturePlace,
  TILES_A_SHEET,
} from '../../contract/dataset-overview.ts'
import {
  type AnySplit,
  numbersOf,
  type PackedDataset,
  type SplitNumbers,
  splitNamed,
  splitsOf,
} from '../../contract/packed/manifest.ts'
import { noLabels, parseNumbers } from '../../contract/packed/numbers.ts'
import type { DatasetVersion } from '../../prisma/client.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'
import { AppError } from '../errors.ts'
import { manifestOf } from './manifest.ts'
import { readOverview } from './overview.ts'
import { ParsedBlobs } from './parsed-blobs.ts'

const MAX_FIRST = 500
const MAX_INDICES = 1_000

/** A split's labels, and its images in the order of their thumbnails. */
interface SplitOrder {
  labels: Int32Array
  /** The index of each rank. */
  order: Uint32Array
  /** The rank of each index. */
  ranks: Uint32Array
}

const orders = new ParsedBlobs((bytes) => orderOf(parseNumbers(bytes)))

function orderOf(labels: Int32Array): SplitOrder {
  const order = orderOfThumbnails(labels)
  const ranks = new Uint32Array(order.length)
  for (const [rank, index] of order.entries()) ranks[index] = rank
  return { labels, order, ranks }
}

/** Null where the split's file is no longer in the storage. */
async function readOrder(
  storage: BlobStorage,
  numbers: SplitNumbers,
  count: number,
): Promise<SplitOrder | null> {
  if (numbers.are === 'NOTHING') return orderOf(noLabels(count))
  return (await orders.read(storage, numbers.sha256)) ?? null
}

export interface PlacedPicture extends PicturePlace {
  class: number | null
  /** Of `query` and `gallery`; 0 is a distractor. */
  identity: number | null
  sheet: number
  tile: number
  versionId: string
}

interface Wanted {
  split: string
  class?: number | null | undefined
  duplicates?: boolean | null | undefined
  indices?: readonly number[] | null | undefined
  offset?: number | null | undefined
  first?: number | null | undefined
}

/** Part of a version's images, in the order of their thumbnails. @throws AppError INVALID_INPUT, NOT_READY */
export async function readPictures(
  storage: BlobStorage,
  version: DatasetVersion,
  wanted: Wanted,
): Promise<{ totalCount: number; nodes: PlacedPicture[] }> {
  const offset = atLeastZero('offset', wanted.offset ?? 0, Number.MAX_SAFE_INTEGER)
  const first = atLeastZero('first', wanted.first ?? 100, MAX_FIRST)
  const manifest = manifestOf(version)
  if (!manifest) throw new AppError('NOT_READY', 'The version has no images yet.', [])
  const numbers = numbersOf(requireSplit(manifest, wanted.split))
  const order = await readOrder(storage, numbers, requireSplit(manifest, wanted.split).count)
  if (!order) throw new AppError('NOT_READY', 'The version’s files are no longer in the storage.', [])
  let chosen: ArrayLike<number> = order.order
  if (wanted.class != null) chosen = ofClass(order, wanted.class)
  if (wanted.duplicates) {
    const alike = await findDuplicates(storage, version, wanted.split)
    chosen = Array.from(chosen).filter((index) => alike.has(index))
  }
  if (wanted.indices) {
    const named = namedOnly(wanted.indices)
    chosen = Array.from(chosen).filter((index) => named.has(index))
  }
  const page = Array.prototype.slice.call(chosen, offset, offset + first) as number[]
  const nodes = page.map((index) => place(order, version.id, wanted.split, index, numbers.are))
  return { totalCount: chosen.length, nodes }
}

function namedOnly(indices: readonly number[]): Set<number> {
  if (indices.length <= MAX_INDICES) return new Set(indices)
  throw new AppError('INVALID_INPUT', `indices are ${indices.length}; at most ${MAX_INDICES} are listed.`, [
    'indices',
  ])
}

/** Where the thumbnails of named images are; those that are not there are passed over. */
export async function locatePictures(
  storage: BlobStorage,
  version: DatasetVersion,
  places: readonly PicturePlace[],
): Promise<PlacedPicture[]> {
  const manifest = manifestOf(version)
  if (!manifest) return []
  const placed: PlacedPicture[] = []
  for (const { split: name, index } of places) {
    const split = requireSplit(manifest, name)
    const numbers = numbersOf(split)
    const order = await readOrder(storage, numbers, split.count)
    if (order && index < order.labels.length) placed.push(place(order, version.id, name, index, numbers.are))
  }
  return placed
}

function requireSplit(dataset: PackedDataset, name: string): AnySplit {
  const found = splitNamed(dataset, name)
  if (found) return found
  throw new AppError(
    'INVALID_INPUT',
    `There is no split “${name}”; there are ${splitsOf(dataset)
      .map(([known]) => known)
      .join(', ')}.`,
    ['split'],
  )
}

/** The part of the order that is of one class: it is ordered by them. */
function ofClass({ order, labels }: SplitOrder, wanted: number): Uint32Array {
  const begin = order.findIndex((index) => labels[index] === wanted)
  if (begin < 0) return new Uint32Array()
  const end = order.findIndex((index, rank) => rank > begin && labels[index] !== wanted)
  return order.subarray(begin, end < 0 ? undefined : end)
}

async function findDuplicates(
  storage: BlobStorage,
  version: DatasetVersion,
  split: string,
): Promise<Set<number>> {
  const overview = version.overviewSha256 && (await readOverview(storage, version.overviewSha256))
  const groups = overview ? groupsOf(overview) : []
  return new Set(groups.flat().flatMap((alike) => (alike.split === split ? [alike.index] : [])))
}

function groupsOf({ exact, near }: DatasetOverview): PicturePlace[][] {
  return [...exact.groups, ...near.groups]
}

function place(
  { labels, ranks }: SplitOrder,
  versionId: string,
  split: string,
  index: number,
  are: SplitNumbers['are'],
): PlacedPicture {
  const [rank, label] = [ranks[index], labels[index]]
  if (rank === undefined || label === undefined) throw new Error(`there is no image ${index} in ${split}`)
  return {
    split,
    index,
    class: are === 'CLASSES' ? label : null,
    identity: are === 'IDENTITIES' ? label : null,
    sheet: Math.floor(rank / TILES_A_SHEET),
    tile: rank % TILES_A_SHEET,
    versionId,
  }
}

function atLeastZero(name: string, value: number, most: number): number {
  if (value >= 0 && value <= most) return value
  throw new AppError('INVALID_INPUT', `${name} is ${value}; it is 0 to ${most}.`, [name])
}

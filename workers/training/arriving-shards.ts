import { buffer } from 'node:stream/consumers'
import pRetry from 'p-retry'
import type { ShardRequest, TrainingControl } from '../../contract/training.ts'
import { BlobMissing, type BlobStorage, type ByteRange } from '../../storage/blob-storage.ts'

const READS_AT_A_TIME = 16
/** Parts that lie one behind the other, as those of an evaluation do, are read together up to this. */
const MOST_TOGETHER_BYTES = 8 * 1024 * 1024
const FIRST_WAIT_MS = 500
/** The waits between them double: about half a minute in all. */
const RETRIES = 6

/**
 * Shards that are fetched while a training runs already: a run need not wait for all images before it looks at the
 * first ones, however many there are. Until a shard is here, whole and its hash checked, the images that are wanted of
 * it are read one by one where it lies.
 */
export class ArrivingShards {
  readonly #storage: BlobStorage
  readonly #shards: readonly string[]

  /** @param shards  in the order in which they are fetched */
  constructor(storage: BlobStorage, shards: readonly string[]) {
    this.#storage = storage
    this.#shards = shards
  }

  /**
   * Fetches one after the other and tells of each.
   * @throws BlobMissing where one is gone; the storage's error where it was away for about half a minute; the signal's
   * reason once it is aborted
   */
  async fetchAll(tell: (control: TrainingControl) => void, signal: AbortSignal): Promise<void> {
    for (const sha256 of this.#shards) {
      const path = await retryWhileStorageAway(() => this.#storage.fetchLocal(sha256), signal)
      tell({ type: 'arrived', sha256, path })
    }
  }

  /** Reads what a training process asks for, where the shard lies, and tells it. @throws as above */
  async answer(
    request: ShardRequest,
    tell: (control: TrainingControl) => void,
    signal: AbortSignal,
  ): Promise<void> {
    tell({ type: 'parts', id: request.id, bytes: await this.#read(request, signal) })
  }

  async #read(
    { sha256, offsets, length }: ShardRequest,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const result = new Uint8Array(offsets.length * length)
    const spans = joinNeighbours(offsets, length)
    const readNext = async () => {
      for (let span = spans.pop(); span; span = spans.pop()) {
        const range = { start: span.start, end: span.start + span.places.length * length - 1 }
        const bytes = await retryWhileStorageAway(() => this.#readRange(sha256, range), signal)
        for (const [i, place] of span.places.entries())
          result.set(bytes.subarray(i * length, (i + 1) * length), place * length)
      }
    }
    await Promise.all(Array.from({ length: READS_AT_A_TIME }, readNext))
    return result
  }

  async #readRange(sha256: string, range: ByteRange): Promise<Buffer> {
    const bytes = await buffer(this.#storage.read(sha256, range))
    if (bytes.length === range.end - range.start + 1) return bytes
    throw new Error(`the storage gave ${bytes.length} bytes of ${sha256} from ${range.start} to ${range.end}`)
  }
}

/** Parts one behind the other in the shard, and where each belongs in the result. */
interface Span {
  start: number
  places: number[]
}

function joinNeighbours(offsets: readonly number[], length: number): Span[] {
  const spans: Span[] = []
  const order = offsets.map((offset, place) => ({ offset, place })).sort((a, b) => a.offset - b.offset)
  for (const { offset, place } of order) {
    const last = spans.at(-1)
    const isNext = last && last.start + last.places.length * length === offset
    if (isNext && (last.places.length + 1) * length <= MOST_TOGETHER_BYTES) last.places.push(place)
    else spans.push({ start: offset, places: [place] })
  }
  return spans
}

/** Until the signal is aborted, and never for a shard that the storage does not have. */
function retryWhileStorageAway<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
  return pRetry(work, {
    retries: RETRIES,
    minTimeout: FIRST_WAIT_MS,
    signal,
    shouldRetry: ({ error }) => !(error instanceof BlobMissing),
  })
}

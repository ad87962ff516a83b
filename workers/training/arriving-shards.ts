import { buffer } from 'node:stream/consumers'
import pRetry from 'p-retry'
import type { ShardRequest, TrainingControl } from '../../contract/training.ts'
import { BlobMissing, type BlobStorage, type ByteRange } from '../../storage/blob-storage.ts'

const CONCURRENT_READS = 16
/** Adjacent parts, such as those of an evaluation, are read together up to this size. */
const MAX_SPAN_BYTES = 8 * 1024 * 1024
const FIRST_WAIT_MS = 500
/** With exponential backoff, about half a minute in all. */
const RETRIES = 6

/**
 * Shards that are downloaded while training is already running, so that a run need not wait for all images,
 * however many there are. Until a shard has been downloaded and its hash checked, images that are needed from
 * it are read individually from storage by byte range.
 */
export class ArrivingShards {
  readonly #storage: BlobStorage
  readonly #shards: readonly string[]

  /** @param shards  in download order */
  constructor(storage: BlobStorage, shards: readonly string[]) {
    this.#storage = storage
    this.#shards = shards
  }

  /**
   * Downloads the shards one after another and announces each.
   * @throws BlobMissing if one is gone; the storage's error if it was unavailable for about half a minute;
   * the signal's reason if it is aborted
   */
  async fetchAll(send: (control: TrainingControl) => void, signal: AbortSignal): Promise<void> {
    for (const sha256 of this.#shards) {
      const path = await retryWhileStorageAway(() => this.#storage.fetchLocal(sha256), signal)
      send({ type: 'arrived', sha256, path })
    }
  }

  /** Reads the parts that a training process requests from storage and sends them. @throws as fetchAll */
  async answer(
    request: ShardRequest,
    send: (control: TrainingControl) => void,
    signal: AbortSignal,
  ): Promise<void> {
    send({ type: 'parts', id: request.id, bytes: await this.#read(request, signal) })
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
    await Promise.all(Array.from({ length: CONCURRENT_READS }, readNext))
    return result
  }

  async #readRange(sha256: string, range: ByteRange): Promise<Buffer> {
    const bytes = await buffer(this.#storage.read(sha256, range))
    if (bytes.length === range.end - range.start + 1) return bytes
    throw new Error(
      `the storage returned ${bytes.length} bytes of ${sha256} from ${range.start} to ${range.end}`,
    )
  }
}

/** Adjacent parts of a shard, and where each belongs in the result. */
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
    if (isNext && (last.places.length + 1) * length <= MAX_SPAN_BYTES) last.places.push(place)
    else spans.push({ start: offset, places: [place] })
  }
  return spans
}

/** Retries until the signal is aborted, but not if the storage does not have the shard. */
function retryWhileStorageAway<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
  return pRetry(work, {
    retries: RETRIES,
    minTimeout: FIRST_WAIT_MS,
    signal,
    shouldRetry: ({ error }) => !(error instanceof BlobMissing),
  })
}

import type { ShardRequest, TrainingControl } from '../../contract/training.ts'
import type { DistantShards } from '../engine/batches/packed-split.ts'

type Answer = Extract<TrainingControl, { type: 'arrived' | 'parts' }>

/** In a training process: shards that are on their way, of which the worker reads what is wanted until they are here. */
export class RequestedShards implements DistantShards {
  readonly #send: (request: ShardRequest) => void
  readonly #paths = new Map<string, string>()
  readonly #asked = new Map<number, (bytes: Uint8Array) => void>()
  #lastId = 0

  constructor(send: (request: ShardRequest) => void) {
    this.#send = send
  }

  pathOf(sha256: string): string | undefined {
    return this.#paths.get(sha256)
  }

  /** Where the worker cannot read them it ends this process. */
  read(sha256: string, offsets: number[], length: number): Promise<Uint8Array> {
    const id = ++this.#lastId
    return new Promise((resolve) => {
      this.#asked.set(id, resolve)
      this.#send({ type: 'read', id, sha256, offsets, length })
    })
  }

  take(answer: Answer): void {
    if (answer.type === 'arrived') this.#paths.set(answer.sha256, answer.path)
    else {
      this.#asked.get(answer.id)?.(answer.bytes)
      this.#asked.delete(answer.id)
    }
  }
}

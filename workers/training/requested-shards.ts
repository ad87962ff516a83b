import type { ShardRequest, TrainingControl } from '../../contract/training.ts'
import type { RemoteShards } from '../engine/batches/packed-split.ts'

type Answer = Extract<TrainingControl, { type: 'arrived' | 'parts' }>

/**
 * In a training process: shards still being downloaded, parts of which are requested from the worker
 * meanwhile.
 */
export class RequestedShards implements RemoteShards {
  readonly #send: (request: ShardRequest) => void
  readonly #paths = new Map<string, string>()
  readonly #pending = new Map<number, (bytes: Uint8Array) => void>()
  #lastId = 0

  constructor(send: (request: ShardRequest) => void) {
    this.#send = send
  }

  pathOf(sha256: string): string | undefined {
    return this.#paths.get(sha256)
  }

  /** Never rejects: if the worker cannot read the parts, it kills this process. */
  read(sha256: string, offsets: number[], length: number): Promise<Uint8Array> {
    const id = ++this.#lastId
    return new Promise((resolve) => {
      this.#pending.set(id, resolve)
      this.#send({ type: 'read', id, sha256, offsets, length })
    })
  }

  take(answer: Answer): void {
    if (answer.type === 'arrived') this.#paths.set(answer.sha256, answer.path)
    else {
      this.#pending.get(answer.id)?.(answer.bytes)
      this.#pending.delete(answer.id)
    }
  }
}

import { link, rm } from 'node:fs/promises'
import type { TrainingEvent } from '../../contract/training.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'
import type { StoredCheckpoint } from './record-checkpoint.ts'

export type WrittenCheckpoint = Extract<TrainingEvent, { type: 'checkpoint' }>
type Stored = Omit<StoredCheckpoint, 'epoch'>

/**
 * Brings checkpoints from the training's folder into the storage, one at a time and beside everything else: neither the
 * training nor the recording of its points waits for it.
 */
export class CheckpointUploads {
  readonly #storage: BlobStorage
  readonly #onStored: (checkpoint: Stored) => void
  readonly #onFailure: (error: unknown) => void
  #work: Promise<void> = Promise.resolve()
  #newestStep = 0

  /** @param onFailure  told of every checkpoint that could not be stored */
  constructor(
    storage: BlobStorage,
    onStored: (checkpoint: Stored) => void,
    onFailure: (error: unknown) => void,
  ) {
    this.#storage = storage
    this.#onStored = onStored
    this.#onFailure = onFailure
  }

  add(checkpoint: WrittenCheckpoint): void {
    this.#newestStep = checkpoint.step
    // A name of its own: the training removes its file when newer ones are there.
    const held = hold(checkpoint.path)
    // Heard of below, when its turn has come.
    held.catch(() => {})
    this.#work = this.#work.then(() => this.#storeHeld(checkpoint, held)).catch(this.#onFailure)
  }

  /** Resolves when everything added so far is stored, or has failed to be. */
  async settle(): Promise<void> {
    await this.#work
  }

  async #storeHeld(checkpoint: WrittenCheckpoint, held: Promise<string | null>): Promise<void> {
    const path = await held
    if (path === null) return
    await this.#store(checkpoint, path).finally(() => rm(path, { force: true }))
  }

  async #store({ step, sha256, testTop1 }: WrittenCheckpoint, path: string): Promise<void> {
    // Where the storage is slower than the training, what is only one of the newest may be left out.
    if (step < this.#newestStep && testTop1 === null) return
    const blob = await this.#storage.putFile(path)
    if (blob.sha256 !== sha256)
      throw new Error(`the checkpoint of step ${step} is not what its training wrote`)
    this.#onStored({ step, sha256, byteLength: blob.byteLength, testTop1 })
  }
}

/** Null where the file is gone: then newer ones are there. */
async function hold(path: string): Promise<string | null> {
  const held = `${path}.held`
  try {
    await link(path, held)
    return held
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

import { link, rm } from 'node:fs/promises'
import type { TrainingEvent } from '../../contract/training.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'
import type { StoredCheckpoint } from './record-checkpoint.ts'

export type WrittenCheckpoint = Extract<TrainingEvent, { type: 'checkpoint' }>
type Stored = Omit<StoredCheckpoint, 'epoch'>

/**
 * Uploads checkpoints from the training's folder to storage, one at a time and in the background: neither
 * training nor the recording of points waits for it.
 */
export class CheckpointUploads {
  readonly #storage: BlobStorage
  readonly #onStored: (checkpoint: Stored) => void
  readonly #onFailure: (error: unknown) => void
  #work: Promise<void> = Promise.resolve()
  #newestStep = 0

  /** @param onFailure  called for every checkpoint that could not be stored */
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
    // Hard-linked at once, because training removes its own file once newer ones are written.
    const linked = linkCheckpoint(checkpoint.path)
    // Avoids an unhandled rejection: the error is handled when this upload's turn comes.
    linked.catch(() => {})
    this.#work = this.#work.then(() => this.#storeLinked(checkpoint, linked)).catch(this.#onFailure)
  }

  /** Resolves once everything added so far is stored or has failed. */
  async settle(): Promise<void> {
    await this.#work
  }

  async #storeLinked(checkpoint: WrittenCheckpoint, linked: Promise<string | null>): Promise<void> {
    const path = await linked
    if (path === null) return
    await this.#store(checkpoint, path).finally(() => rm(path, { force: true }))
  }

  async #store({ step, sha256, testTop1 }: WrittenCheckpoint, path: string): Promise<void> {
    // If storage is slower than training, a checkpoint that is neither the latest nor a candidate for best is
    // skipped.
    if (step < this.#newestStep && testTop1 === null) return
    const blob = await this.#storage.putFile(path)
    if (blob.sha256 !== sha256)
      throw new Error(`the checkpoint of step ${step} does not have the hash of the file that training wrote`)
    this.#onStored({ step, sha256, byteLength: blob.byteLength, testTop1 })
  }
}

/** Null if the file is gone, because newer ones have replaced it. */
async function linkCheckpoint(path: string): Promise<string | null> {
  const linked = `${path}.held`
  try {
    await link(path, linked)
    return linked
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

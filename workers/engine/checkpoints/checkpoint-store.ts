import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CheckpointSettings, TrainingEvent, TrainingOrder } from '../../../contract/training.ts'
import { decodeSafetensors, encodeSafetensors } from '../safetensors.ts'
import { type BestOnValidation, packBest, unpackBest } from './best-on-validation.ts'
import { UNFINISHED, writeDurably } from './durable-file.ts'
import { findCheckpoints } from './find-checkpoints.ts'
import { CHECKPOINT_FILE, type ManifestEntry, readManifest, writeManifest } from './manifest.ts'
import { differingParts, digestParts, type OrderParts, orderParts } from './order-identity.ts'

/** The state of a run after a step; everything else follows from its order and the step number. */
export interface Checkpoint {
  /** Steps done. */
  step: number
  /** Mean over the students; null if no evaluation was due, or it has not been done yet. */
  testTop1: number | null
  /** Weights, moving statistics and optimizer state by name, as in CohortProgram.readState and writeState. */
  state: ReadonlyMap<string, Float32Array>
  /** What would be delivered; missing until there was a validation. */
  best?: BestOnValidation | undefined
}

/**
 * The checkpoints of one order in a folder. Checkpoints of other orders in the same folder are left alone.
 */
export class CheckpointStore {
  readonly #folder: string
  readonly #keep: number
  readonly #parts: OrderParts
  /** How its steps were executed: told, but no reason to refuse a checkpoint. */
  readonly #execution: string
  readonly #digests: OrderParts
  readonly #onEvent: (event: TrainingEvent) => void
  #own: ManifestEntry[]
  readonly #foreign: ManifestEntry[]
  #writing: Promise<void> | undefined

  private constructor(
    order: TrainingOrder,
    { folder, keep }: CheckpointSettings,
    entries: ManifestEntry[],
    onEvent: (event: TrainingEvent) => void,
  ) {
    this.#folder = folder
    this.#keep = keep
    this.#onEvent = onEvent
    this.#parts = orderParts(order)
    const { mode, device } = order.execution ?? {}
    this.#execution = JSON.stringify({ mode, device })
    this.#digests = digestParts(this.#parts)
    const isOwn = (entry: ManifestEntry) => differingParts(entry.order, this.#digests).length === 0
    this.#own = entries.filter(isOwn)
    this.#foreign = entries.filter((entry) => !isOwn(entry))
  }

  /** Opens the folder, creating it if missing, and removes files left by interrupted writes. */
  static async open(
    order: TrainingOrder,
    settings: CheckpointSettings,
    onEvent: (event: TrainingEvent) => void,
  ): Promise<CheckpointStore> {
    await mkdir(settings.folder, { recursive: true })
    const manifest = await readManifest(settings.folder).catch((error: Error) => {
      warn(
        onEvent,
        `The checkpoints' manifest cannot be read; inspecting their files instead: ${error.message}`,
      )
    })
    const entries = manifest ?? (await findCheckpoints(settings.folder))
    for (const name of await readdir(settings.folder))
      if (name.startsWith(UNFINISHED)) await rm(join(settings.folder, name))
    return new CheckpointStore(order, settings, entries, onEvent)
  }

  get isWriting(): boolean {
    return this.#writing !== undefined
  }

  /** The highest test accuracy among this order's checkpoints. */
  get bestTestTop1(): number | null {
    return bestOf(this.#own)?.testTop1 ?? null
  }

  /** The latest intact checkpoint. Damaged ones are warned about and dropped. */
  async readNewest(): Promise<Checkpoint | undefined> {
    for (let entry = this.#own.at(-1); entry; entry = this.#own.at(-1)) {
      try {
        return await readCheckpoint(this.#folder, entry)
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        warn(this.#onEvent, `The checkpoint of step ${entry.step} is not used: ${message}.`)
        this.#own.pop()
      }
    }
    const foreign = this.#foreign.at(-1)
    if (foreign) {
      const differing = differingParts(foreign.order, this.#digests).join(', ')
      warn(this.#onEvent, `The checkpoint of step ${foreign.step} is not used: it has another ${differing}.`)
    }
    return undefined
  }

  /**
   * Starts writing a checkpoint in the background, after waiting for the previous one to be written. The
   * state is copied before that wait. A failed write is reported as an event, and training continues.
   */
  async save(checkpoint: Checkpoint): Promise<void> {
    const content = this.#encode(checkpoint)
    await this.#writing
    this.#writing = this.#write(checkpoint, content)
      .catch((error: Error) => {
        const message = `The checkpoint of step ${checkpoint.step} was not written: ${error.message}`
        this.#onEvent({ type: 'checkpointFailed', step: checkpoint.step, message })
      })
      .finally(() => {
        this.#writing = undefined
      })
  }

  /** Resolves when nothing is being written. */
  async settle(): Promise<void> {
    await this.#writing
  }

  #encode({ step, testTop1, state, best }: Checkpoint): Buffer {
    const kept = packBest(best)
    const tensors = [...state, ...kept.state].map(([name, values]) => ({
      name,
      shape: [values.length],
      values,
    }))
    const metadata = { format: 'studyhall-checkpoint-1', step: String(step), testTop1: String(testTop1) }
    return encodeSafetensors({
      tensors,
      metadata: { ...metadata, ...kept.metadata, ...this.#parts, execution: this.#execution },
    })
  }

  async #write({ step, testTop1 }: Checkpoint, content: Buffer): Promise<void> {
    // Computed on another thread while training continues.
    const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', content)).toString('hex')
    const file = `step-${step}-${sha256.slice(0, 8)}.safetensors`
    const path = join(this.#folder, file)
    await writeDurably(path, content)
    const entry = { file, step, sha256, bytes: content.length, testTop1, order: this.#digests }
    const kept = keepNewestAndBest([...this.#own.filter((other) => other.file !== file), entry], this.#keep)
    await writeManifest(this.#folder, [...this.#foreign, ...kept])
    this.#own = kept
    this.#onEvent({ type: 'checkpoint', step, path, sha256, bytes: content.length, testTop1 })
    await this.#removeDropped()
  }

  async #removeDropped(): Promise<void> {
    const known = new Set([...this.#foreign, ...this.#own].map(({ file }) => file))
    const names = await readdir(this.#folder)
    const dropped = names.filter((name) => CHECKPOINT_FILE.test(name) && !known.has(name))
    for (const name of dropped) await rm(join(this.#folder, name))
  }
}

async function readCheckpoint(folder: string, entry: ManifestEntry): Promise<Checkpoint> {
  const file = await readFile(join(folder, entry.file))
  if (file.length !== entry.bytes)
    throw new Error(`its file has ${file.length} bytes instead of ${entry.bytes}`)
  if (createHash('sha256').update(file).digest('hex') !== entry.sha256)
    throw new Error('its file has changed since it was written')
  const { tensors, metadata } = decodeSafetensors(file)
  const all = new Map(tensors.map(({ name, values }) => [name, values]))
  return { step: entry.step, testTop1: entry.testTop1, ...unpackBest(all, metadata) }
}

function keepNewestAndBest(entries: ManifestEntry[], keep: number): ManifestEntry[] {
  const best = bestOf(entries)
  return entries.filter((entry, i) => i >= entries.length - keep || entry === best)
}

/** Ties go to the earliest. */
function bestOf(entries: ManifestEntry[]): ManifestEntry | undefined {
  return entries.reduce<ManifestEntry | undefined>((best, entry) => {
    if (entry.testTop1 === null) return best
    return best === undefined || entry.testTop1 > (best.testTop1 as number) ? entry : best
  }, undefined)
}

function warn(onEvent: (event: TrainingEvent) => void, message: string): void {
  onEvent({ type: 'log', level: 'WARN', message })
}

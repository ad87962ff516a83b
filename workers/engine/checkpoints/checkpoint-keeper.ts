import type { CheckpointSettings, TrainingEvent, TrainingOrder } from '../../../contract/training.ts'
import type { CohortProgram } from '../cohort-program.ts'
import type { BestOnValidation } from './best-on-validation.ts'
import { type Checkpoint, CheckpointStore } from './checkpoint-store.ts'

/** A run's position between two steps. */
export type Position = Omit<Checkpoint, 'state' | 'best'>

/** Where a run begins or goes on, and the best so far. */
export interface Beginning {
  position: Position
  best?: BestOnValidation | undefined
}

export const BEFORE_THE_FIRST_STEP: Position = { step: 0, testTop1: null }

/** Restores a program to where its run was interrupted, and saves it when a checkpoint is due. */
export class CheckpointKeeper {
  readonly #store: CheckpointStore
  readonly #settings: CheckpointSettings
  readonly #program: CohortProgram
  readonly #onEvent: (event: TrainingEvent) => void
  #saved = { step: 0, atMs: performance.now() }

  private constructor(
    store: CheckpointStore,
    settings: CheckpointSettings,
    program: CohortProgram,
    onEvent: (event: TrainingEvent) => void,
  ) {
    this.#store = store
    this.#settings = settings
    this.#program = program
    this.#onEvent = onEvent
  }

  static async open(
    order: TrainingOrder,
    settings: CheckpointSettings,
    program: CohortProgram,
    onEvent: (event: TrainingEvent) => void,
  ): Promise<CheckpointKeeper> {
    const store = await CheckpointStore.open(order, settings, onEvent)
    return new CheckpointKeeper(store, settings, program, onEvent)
  }

  /**
   * Restores the latest intact checkpoint and returns the position to continue from, and the best so far; undefined if
   * there is none.
   */
  async resume(): Promise<Beginning | undefined> {
    const checkpoint = await this.#store.readNewest()
    if (!checkpoint) return undefined
    this.#program.writeState(checkpoint.state)
    this.#saved = { step: checkpoint.step, atMs: performance.now() }
    const { step, testTop1, best } = checkpoint
    this.#onEvent({ type: 'log', level: 'INFO', message: `Resuming after step ${step} from a checkpoint.` })
    return { position: { step, testTop1 }, best }
  }

  /** The run begins after a step whose checkpoint is another run's, and of which it needs none of its own. */
  beginAfter({ step }: Position): void {
    this.#saved = { step, atMs: performance.now() }
  }

  /** Always true after the best evaluation so far. */
  isDue({ step, testTop1 }: Position): boolean {
    if (isBetter(testTop1, this.#store.bestTestTop1)) return true
    // While a checkpoint is being written, postpone the next one to a later step rather than make training
    // wait.
    if (this.#store.isWriting) return false
    const { everySteps = Number.POSITIVE_INFINITY, everySeconds = Number.POSITIVE_INFINITY } = this.#settings
    const seconds = (performance.now() - this.#saved.atMs) / 1000
    return step - this.#saved.step >= everySteps || (step > this.#saved.step && seconds >= everySeconds)
  }

  /** The next step after `step` at which `everySteps` makes a checkpoint due, if nothing is saved before. */
  nextDueAfter(step: number): number {
    const { everySteps } = this.#settings
    if (everySteps === undefined) return Number.POSITIVE_INFINITY
    return step + everySteps - ((step - this.#saved.step) % everySteps)
  }

  /** Copies the program's state, and writes it while training continues. */
  async save(position: Position, best?: BestOnValidation): Promise<void> {
    if (position.step === 0) return
    this.#saved = { step: position.step, atMs: performance.now() }
    await this.#store.save({ ...position, state: this.#program.readState(), best })
  }

  /** Saves any unsaved progress, and waits until it is written. */
  async finish(position: Position, best?: BestOnValidation): Promise<void> {
    if (position.step > this.#saved.step) await this.save(position, best)
    await this.#store.settle()
  }

  async settle(): Promise<void> {
    await this.#store.settle()
  }
}

function isBetter(testTop1: number | null, best: number | null): boolean {
  return testTop1 !== null && (best === null || testTop1 > best)
}

import type { TrainingEvent } from '../../contract/training.ts'
import type { BlobStorage } from '../../storage/blob-storage.ts'
import { CheckpointUploads } from './checkpoint-uploads.ts'
import type { TrainingResults } from './finish-run.ts'
import { isDiskFullMessage } from './run-failure.ts'
import type { RunRecorder } from './run-recorder.ts'

/**
 * Routes a training process's events: progress to the recorder, checkpoints to storage, and results are kept
 * here.
 */
export class TrainingRecord {
  readonly results: TrainingResults = { evaluation: undefined, files: [] }
  readonly #recorder: RunRecorder
  readonly #uploads: CheckpointUploads
  readonly #giveUp: (error: unknown) => void

  constructor(recorder: RunRecorder, storage: BlobStorage, giveUp: (error: unknown) => void) {
    this.#recorder = recorder
    this.#giveUp = giveUp
    this.#uploads = new CheckpointUploads(
      storage,
      (checkpoint) => recorder.addCheckpoint(checkpoint),
      (error) => this.#onCheckpointFailed(error),
    )
  }

  take(event: TrainingEvent): void {
    const recorder = this.#recorder
    if (event.type === 'phase') recorder.enterPhase(event.phase)
    else if (event.type === 'begin') recorder.begin(event)
    else if (event.type === 'execution') recorder.correctMode(event)
    else if (event.type === 'metrics') recorder.addMetrics(event)
    else if (event.type === 'log') recorder.addLog('TRAINING', event.level, event.message)
    else if (event.type === 'weights') recorder.addWeightHashes(event)
    else if (event.type === 'classHits') recorder.addClassHits(event)
    else if (event.type === 'checkpoint') this.#uploads.add(event)
    else if (event.type === 'checkpointFailed') this.#onCheckpointFailed(new Error(event.message))
    else if (event.type === 'evaluation') {
      this.results.evaluation = event.evaluation
      this.results.suspectsPath = event.suspectsPath
      this.results.answersPath = event.answersPath
    } else if (event.type === 'retrieval') {
      this.results.evaluation = event.evaluation
      this.results.queriesPath = event.queriesPath
    } else if (event.type === 'artifact') this.results.files.push(event)
  }

  /** Resolves once everything so far is written or has failed. */
  async settle(): Promise<void> {
    await this.#recorder.flush()
    await this.#uploads.settle()
    await this.#recorder.flush()
  }

  /**
   * A single missed checkpoint is only logged; a full disk would prevent all later ones and the results, so
   * it ends the run.
   */
  #onCheckpointFailed(error: unknown): void {
    if (isDiskFullMessage(error)) this.#giveUp(error)
    else this.#recorder.addLog('WORKER', 'WARN', error instanceof Error ? error.message : String(error))
  }
}

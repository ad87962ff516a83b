import type { RunEvaluation } from '../../contract/evaluation.ts'
import type { TrainingOrder } from '../../contract/training.ts'
import { startTraining } from '../../workers/training/start-training.ts'
import type { TrainingView } from './show-training.ts'

/** The training failed or was stopped from outside. */
export class TrainingFailed extends Error {
  override readonly name = 'TrainingFailed'
}

/**
 * Carries out an order in a training process.
 * @returns the evaluation
 * @throws TrainingFailed if the engine fails; the signal's reason when aborted
 */
export async function carryOut(
  order: TrainingOrder,
  environment: NodeJS.ProcessEnv,
  { event, line }: Pick<TrainingView, 'event' | 'line'>,
  signal: AbortSignal,
): Promise<RunEvaluation> {
  let evaluation: RunEvaluation | undefined
  signal.throwIfAborted()
  const training = startTraining(order, environment, {
    onEvent(received) {
      if (received.type === 'evaluation' || received.type === 'retrieval') evaluation = received.evaluation
      event(received)
    },
    onLine: line,
  })
  const stop = () => training.stop()
  signal.addEventListener('abort', stop)
  const end = await training.ended.finally(() => signal.removeEventListener('abort', stop))
  signal.throwIfAborted()
  if (end.outcome === 'failed') throw new TrainingFailed(`${end.message} (${end.code})`)
  if (end.outcome === 'stopped') throw new TrainingFailed('The training was stopped from outside.')
  if (!evaluation) throw new TrainingFailed('The training ended without an evaluation.')
  return evaluation
}

import { WeightsAnswer, type WeightsOrder } from '../../contract/weights/given-weights.ts'
import { askProcess } from './ask-process.ts'

/** The largest file takes a minute. */
const LIMIT_MS = 5 * 60 * 1000

/** Has a separate process look at a file of weights. @throws as askProcess */
export function lookAtWeights(
  order: WeightsOrder,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<WeightsAnswer> {
  return askProcess({
    ...{ program: 'weights-process', messages: WeightsAnswer, order, environment, signal },
    limitMs: LIMIT_MS,
    onProgress: () => false,
  })
}

import { RunEvaluation } from '../../../contract/evaluation.ts'
import { changesBetween, type Forkable, type ForkMisfit } from '../../../contract/runs/fork.ts'
import type { Run } from '../../../prisma/client.ts'

/**
 * Why a fork would end before its first step: the run had stopped early at that checkpoint, and the fork would wait no
 * longer. With other students the best so far is looked for anew, and so is the waiting.
 */
export function misfitOfPatience(
  { step: lastStep, evaluation }: Pick<Run, 'step' | 'evaluation'>,
  from: Forkable,
  to: Forkable,
  step: number,
): ForkMisfit | undefined {
  const patience = to.recipe.earlyStoppingEpochs
  if (patience === null || evaluation === null || step < lastStep) return undefined
  const { join, leave } = changesBetween(from.cohort, to.cohort)
  if (join.length > 0 || leave.length > 0) return undefined
  const waited = epochsWaited(RunEvaluation.parse(evaluation).delivered, from)
  if (waited === null || patience > waited) return undefined
  return {
    path: ['recipe', 'earlyStoppingEpochs'],
    reason: `the run had stopped early at this checkpoint, after ${waited} ${waited === 1 ? 'epoch' : 'epochs'} without improvement, so that the fork would end at once; set earlyStoppingEpochs to more than ${waited} or to null, or choose an earlier checkpoint`,
  }
}

/** How long there had been no improvement when the run stopped early; null where it did not. */
function epochsWaited(
  delivered: RunEvaluation['delivered'],
  { recipe: { earlyStoppingEpochs, evaluateEveryEpochs } }: Forkable,
): number | null {
  if (!delivered || delivered.stoppedAfterEpoch === null) return null
  if (delivered.checkpoint === 'BEST') return delivered.stoppedAfterEpoch - delivered.epoch
  // The first evaluation by which it had waited as long as it was told to.
  return Math.ceil((earlyStoppingEpochs ?? 0) / evaluateEveryEpochs) * evaluateEveryEpochs
}

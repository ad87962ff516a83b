import { DIVERGED_LOSS_FACTOR, shortly } from '../runs/run-findings.ts'
import type { AlarmScene, Sight } from './scene.ts'

/** Steps in a row; a few bad batches are no divergence. */
export const DIVERGENCE_PATIENCE = { raiseAfter: 10, withdrawAfter: 10 }
/** Multiple of a uniform guess's loss below which a training has recovered. */
const RECOVERED_LOSS_FACTOR = 2

/** @param labelLoss  of one training step, nats */
export function seeDivergence(
  student: string,
  { classCount }: AlarmScene,
  step: number,
  labelLoss: number,
): Sight {
  const uniform = Math.log(classCount)
  const message = `${student} diverges: its training loss on the labels is ${shortly(labelLoss)} at step ${step}, and a uniform guess over ${classCount} classes has ${shortly(uniform)}.`
  if (!(labelLoss <= DIVERGED_LOSS_FACTOR * uniform)) return { look: 'BAD', message }
  return { look: labelLoss <= RECOVERED_LOSS_FACTOR * uniform ? 'GOOD' : 'BETWEEN', message }
}

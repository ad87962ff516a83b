/** Why something is found in a run, while it trains or at its end, and what to try: one cause and one suggestion each. */

export const RUN_FINDING_CODES = ['AT_CHANCE', 'DIVERGED', 'FELL_BACK', 'ALIKE', 'DRAGGED'] as const
export type RunFindingCode = (typeof RUN_FINDING_CODES)[number]

export interface Reason {
  /** Likely cause. */
  cause: string
  suggestion: string
}

export const FINDING_REASONS: Record<RunFindingCode, Reason> = {
  AT_CHANCE: {
    cause:
      'The learning rate is too high or too low, the training is too short, or the images do not show their classes.',
    suggestion: 'Look at its training loss: where it hardly fell, change the learning rate or add epochs.',
  },
  DIVERGED: {
    cause: 'The learning rate is too high for this optimizer, or the warm-up is too short.',
    suggestion: 'Divide the learning rate by ten, or clip the gradients’ norm.',
  },
  FELL_BACK: {
    cause: 'The learning rate is still high at the end, it overfits, or weaker peers drag it down.',
    suggestion:
      'Let the learning rate fall to nearly 0, train fewer epochs, or start the same cohort with INDEPENDENT teaching to see what its peers do to it.',
  },
  ALIKE: {
    cause: 'The peers’ predictions outweigh the labels, so that the students copy each other’s mistakes.',
    suggestion:
      'Lower the weight of the teaching, or mix architectures; an ensemble of these gains nothing over one student.',
  },
  DRAGGED: {
    cause: 'It follows the predictions of a weaker peer away from the labels.',
    suggestion: 'Lower the weight of the teaching, or replace the weaker peer with a larger network.',
  },
}

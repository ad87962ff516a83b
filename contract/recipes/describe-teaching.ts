import type { Teaching } from '../cohort.ts'

/** What of a teaching is not as in the paper and has no line of its own, a phrase each. */
export function describeAdditions(teaching: Teaching): string[] {
  const { divergence, targetClassWeight, otherClassesWeight, standardizesLogits } = teaching
  const { ensembleRule, peerAverageDecay, pausesLeader } = teaching
  const found: [boolean, string][] = [
    [
      divergence === 'DECOUPLED_KL',
      `weight of the image’s class ${targetClassWeight}, of the others ${otherClassesWeight}`,
    ],
    [standardizesLogits, 'z-scores of logits'],
    [ensembleRule !== 'MEAN_POSTERIOR', `ensemble of ${ensembleRule}`],
    [peerAverageDecay !== null, `peers teach by averages of their weights, decay ${peerAverageDecay}`],
    [pausesLeader, 'a student too far ahead waits'],
  ]
  return found.filter(([is]) => is).map(([, phrase]) => phrase)
}

/**
 * The share of the teaching loss after some epochs of a stage: exp(-5 (1 - t)²) for t from 0 to 1 (Laine and Aila 2017,
 * section 2), so that students who know nothing yet teach little.
 * @param rampUpEpochs 0 for the whole loss from the first step
 */
export function rampUpAt(epochs: number, rampUpEpochs: number): number {
  if (epochs >= rampUpEpochs) return 1
  return Math.exp(-5 * (1 - epochs / rampUpEpochs) ** 2)
}

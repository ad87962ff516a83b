import { createGenerator } from '../random.ts'

/**
 * Replaces a share of the training labels, in place: each of the chosen images gets one of the other classes,
 * drawn uniformly. Depends on the seed alone, so that runs with the same seed have the same wrong labels.
 * @returns how many labels were replaced
 */
export function addLabelNoise(labels: Int32Array, classes: number, share: number, seed: number): number {
  const random = createGenerator('label noise', seed)
  const wrong = Math.round(share * labels.length)
  const indices = Uint32Array.from(labels, (_, index) => index)
  for (let chosen = 0; chosen < wrong; chosen++) {
    const place = chosen + random.integer(labels.length - chosen)
    const index = indices[place] as number
    indices[place] = indices[chosen] as number
    const drawn = random.integer(classes - 1)
    labels[index] = drawn < (labels[index] as number) ? drawn : drawn + 1
  }
  return wrong
}

import { createGenerator } from '../random.ts'

/**
 * Makes a share of the training labels wrong, in place: so many images, chosen by the seed, each get one of the other
 * classes, all equally likely. It depends on the seed alone, so that runs of one seed are wrong alike.
 * @returns how many labels are wrong now
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

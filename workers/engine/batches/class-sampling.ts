import { createGenerator, drawPermutation } from '../random.ts'

/**
 * The order of images in an epoch in which every class comes equally often: class-balanced sampling (Kang et al. 2020,
 * equation 1 with q = 0), p_j = 1 / C for each of the C classes that have images. It depends on labels, seed and epoch
 * alone.
 *
 * Classes take turns, in an order that is drawn for each turn of all of them, and a class gives its images in a drawn
 * order, again and again if it has few. So their numbers differ by one at most, where independent draws would scatter.
 * Of a common class an epoch has a part, another one each time.
 * @returns as many indices as there are labels
 */
export function balancedOrder(labels: ArrayLike<number>, seed: number, epoch: number): Uint32Array {
  const random = createGenerator('balanced order', seed, epoch)
  const classes = imagesOfClasses(labels).map((images) => ({
    images,
    order: new Uint32Array() as Uint32Array,
    given: 0,
  }))
  const order = new Uint32Array(labels.length)
  for (let at = 0; at < order.length; ) {
    for (const turn of drawPermutation(classes.length, random)) {
      if (at === order.length) break
      const one = classes[turn] as (typeof classes)[number]
      if (one.given % one.images.length === 0) one.order = drawPermutation(one.images.length, random)
      order[at++] = one.images[one.order[one.given++ % one.images.length] as number] as number
    }
  }
  return order
}

/** The images of each class that has any. */
function imagesOfClasses(labels: ArrayLike<number>): number[][] {
  const images = new Map<number, number[]>()
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number
    const own = images.get(label) ?? []
    own.push(i)
    images.set(label, own)
  }
  return [...images].sort(([a], [b]) => a - b).map(([, own]) => own)
}

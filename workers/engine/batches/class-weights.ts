/**
 * What an image of each class counts in the label loss so that all classes count alike: n / (classes · n_c), with mean
 * 1 over the images (King and Zeng 2001, as scikit-learn's `balanced`).
 * @param labels of all training images; a class without any has no weight
 */
export function balancedWeights(labels: ArrayLike<number>): Float32Array {
  const counts: number[] = []
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number
    counts[label] = (counts[label] ?? 0) + 1
  }
  const present = counts.filter((count) => count > 0).length
  return Float32Array.from(counts, (count) => (count ? labels.length / (present * count) : 0))
}

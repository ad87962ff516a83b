/** When a weight of an earlier training can take the place of a network's own. */

const CLASSIFIER = /^logits\//

export function isClassifier(name: string): boolean {
  return CLASSIFIER.test(name)
}

/** As it is, or, for grey images, as a kernel over colours that is added up. */
export function takesShape(given: readonly number[], wanted: readonly number[]): boolean {
  return given.join() === wanted.join() || isOverColours(given, wanted)
}

export function isOverColours(given: readonly number[], wanted: readonly number[]): boolean {
  const [rows, columns, channels, filters] = given
  return channels === 3 && [rows, columns, 1, filters].join() === wanted.join()
}

/** @param given  undefined where there is no weight of that name */
export function reasonNotTaken(given: readonly number[] | undefined, wanted: readonly number[]): string {
  if (!given) return 'not in the file'
  return `${given.join('x')} there, ${wanted.join('x')} here`
}

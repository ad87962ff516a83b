/** Of a picture of the gallery that shows nobody who is searched for: it stays there as a wrong answer. */
export const DISTRACTOR = 0

/** As files name them: 2 is `0002`. */
export function nameOfIdentity(identity: number): string {
  return String(identity).padStart(4, '0')
}

/** Who is on a picture, and which camera took it. */
export interface Seen {
  identity: number
  camera: number
}

/** @returns whether a query can be found: the gallery has a picture of the same identity from another camera */
export function seekIn(gallery: Iterable<Seen>): (query: Seen) => boolean {
  const camerasOf = new Map<number, Set<number>>()
  for (const { identity, camera } of gallery)
    camerasOf.set(identity, (camerasOf.get(identity) ?? new Set()).add(camera))
  return ({ identity, camera }) => {
    const cameras = camerasOf.get(identity)
    return cameras !== undefined && cameras.size > (cameras.has(camera) ? 1 : 0)
  }
}

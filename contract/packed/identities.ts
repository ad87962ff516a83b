/** Of an image of the gallery that shows nobody who is searched for: it stays there as a wrong answer. */
export const DISTRACTOR = 0

/** As files name them, and the classes of a dataset for RETRIEVAL: 2 is `0002`. */
export function nameOfIdentity(identity: number): string {
  return String(identity).padStart(4, '0')
}

/** The identity behind a class's name: `0002` is 2. */
export function identityNamed(name: string): number {
  return Number(name)
}

/** Who is on an image, and which camera took it. */
export interface Seen {
  identity: number
  camera: number
}

/** @throws Error where there are not as many cameras as identities */
export function pairSeen(identities: Int32Array, cameras: Int32Array): Seen[] {
  return Array.from(identities, (identity, index) => {
    const camera = cameras[index]
    if (camera === undefined) throw new Error(`image ${index} has an identity, but no camera`)
    return { identity, camera }
  })
}

/** @returns whether a query can be found: the gallery has an image of the same identity from another camera */
export function seekIn(gallery: Iterable<Seen>): (query: Seen) => boolean {
  const camerasOf = new Map<number, Set<number>>()
  for (const { identity, camera } of gallery)
    camerasOf.set(identity, (camerasOf.get(identity) ?? new Set()).add(camera))
  return ({ identity, camera }) => {
    const cameras = camerasOf.get(identity)
    return cameras !== undefined && cameras.size > (cameras.has(camera) ? 1 : 0)
  }
}

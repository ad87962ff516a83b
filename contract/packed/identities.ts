/**
 * The identity of gallery images that show nobody who is searched for; they stay in the gallery as wrong
 * answers.
 */
export const DISTRACTOR = 0

/** The name used in files and as the class name in RETRIEVAL datasets: 2 is `0002`. */
export function nameOfIdentity(identity: number): string {
  return String(identity).padStart(4, '0')
}

/** The identity that a class name stands for: `0002` is 2. */
export function identityNamed(name: string): number {
  return Number(name)
}

/** Who is in an image, and which camera took it. */
export interface Seen {
  identity: number
  camera: number
}

/** @throws if there are fewer cameras than identities */
export function pairSeen(identities: Int32Array, cameras: Int32Array): Seen[] {
  return Array.from(identities, (identity, index) => {
    const camera = cameras[index]
    if (camera === undefined) throw new Error(`image ${index} has an identity, but no camera`)
    return { identity, camera }
  })
}

/** @returns a predicate: does the gallery have an image of the query's identity from another camera? */
export function seekIn(gallery: Iterable<Seen>): (query: Seen) => boolean {
  const camerasOf = new Map<number, Set<number>>()
  for (const { identity, camera } of gallery)
    camerasOf.set(identity, (camerasOf.get(identity) ?? new Set()).add(camera))
  return ({ identity, camera }) => {
    const cameras = camerasOf.get(identity)
    return cameras !== undefined && cameras.size > (cameras.has(camera) ? 1 : 0)
  }
}

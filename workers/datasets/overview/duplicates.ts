// biome-ignore-all lint/style/noNonNullAssertion: an image’s number is its place in every list here

import { hash } from 'node:crypto'
import {
  type DatasetOverview,
  MAX_LISTED_DUPLICATES,
  type PicturePlace,
} from '../../../contract/dataset-overview.ts'
import type { PictureShape } from '../pictures/picture-shape.ts'
import { differenceHash } from './difference-hash.ts'

/** Of 64 bits; more and images are found alike that are not. */
const MAX_DISTANCE = 4
/** Of grey values, 0 to 255. */
const MAX_MEAN_DIFFERENCE = 8
/** With 5 bands at most 4 differing bits leave one band whole, so that only images that share a band are compared. */
const BANDS = [
  { half: 0, shift: 0, mask: 0x1fff },
  { half: 0, shift: 13, mask: 0x1fff },
  { half: 1, shift: 0, mask: 0x1fff },
  { half: 1, shift: 13, mask: 0x1fff },
  // What the others leave over: 6 bits of each half.
  { half: 2, shift: 0, mask: 0xfff },
] as const
/** A band that so many share (flat images do) says nothing; it is passed over. */
const MAX_SHARED = 1_000

type Found = DatasetOverview['exact']

/** Finds images that are the same, or look alike, without comparing each with each. */
export class DuplicateFinder {
  readonly #places: PicturePlace[] = []
  readonly #firstByPixels = new Map<string, number>()
  readonly #sameAs = new Map<number, number>()
  readonly #hashes: [number[], number[], number[]] = [[], [], []]
  readonly #values: Uint8Array[] = []

  /** @param pixels  uint8, HWC */
  add(place: PicturePlace, pixels: Uint8Array, shape: PictureShape): void {
    const number = this.#places.push(place) - 1
    const key = hash('sha256', pixels, 'base64')
    const first = this.#firstByPixels.get(key)
    if (first === undefined) this.#firstByPixels.set(key, number)
    else this.#sameAs.set(number, first)
    const { upper, lower, values } = differenceHash(pixels, shape)
    this.#values.push(values)
    this.#hashes[0].push(upper)
    this.#hashes[1].push(lower)
    this.#hashes[2].push(((upper >>> 26) << 6) | (lower >>> 26))
  }

  find(): { exact: Found; near: Found; notes: string[] } {
    const { likes, crowded } = this.#findNear()
    const notes =
      crowded > 0 ? ['So many images are nearly flat that their likes were not all looked for.'] : []
    return { exact: this.#gather(this.#sameAs), near: this.#gather(likes), notes }
  }

  /** Each image that is like an earlier one, and the earliest such. */
  #findNear(): { likes: Map<number, number>; crowded: number } {
    const likes = new Map<number, number>()
    let crowded = 0
    for (const { half, shift, mask } of BANDS) {
      for (const members of this.#groupBy((number) => (this.#hashes[half][number]! >>> shift) & mask)) {
        if (members.length > MAX_SHARED) crowded++
        else this.#compare(members, likes)
      }
    }
    return { likes, crowded }
  }

  #groupBy(keyOf: (number: number) => number): Iterable<number[]> {
    const groups = new Map<number, number[]>()
    for (let number = 0; number < this.#places.length; number++) {
      // The same pixels are told of elsewhere.
      if (this.#sameAs.has(number)) continue
      const key = keyOf(number)
      const group = groups.get(key)
      if (group) group.push(number)
      else groups.set(key, [number])
    }
    return groups.values()
  }

  #compare(members: readonly number[], likes: Map<number, number>): void {
    const [upper, lower] = this.#hashes
    for (let i = 1; i < members.length; i++) {
      const one = members[i]!
      for (let j = 0; j < i; j++) {
        const other = members[j]!
        if (other >= (likes.get(one) ?? one)) break
        const distance = bitsOf(upper[one]! ^ upper[other]!) + bitsOf(lower[one]! ^ lower[other]!)
        if (distance <= MAX_DISTANCE && this.#looksLike(one, other)) likes.set(one, other)
      }
    }
  }

  /** Where much is flat, as around a shoe on black, bits that agree say little: the grey values must be near, too. */
  #looksLike(one: number, other: number): boolean {
    const [a, b] = [this.#values[one]!, this.#values[other]!]
    let difference = 0
    for (let i = 0; i < a.length; i++) difference += Math.abs(a[i]! - b[i]!)
    return difference <= MAX_MEAN_DIFFERENCE * a.length
  }

  #gather(likes: ReadonlyMap<number, number>): Found {
    const groups = new Map<number, PicturePlace[]>()
    let leakedCount = 0
    for (const [number, first] of [...likes].sort(([a], [b]) => a - b)) {
      const [place, firstPlace] = [this.#places[number]!, this.#places[first]!]
      if (place.split !== firstPlace.split) leakedCount++
      const group = groups.get(first) ?? [firstPlace]
      group.push(place)
      groups.set(first, group)
    }
    // Those across splits first: they are the ones to act on.
    const isAcross = (group: readonly PicturePlace[]) => group.some(({ split }) => split !== group[0]!.split)
    const listed = [...groups.values()].sort((a, b) => Number(isAcross(b)) - Number(isAcross(a)))
    return { count: likes.size, leakedCount, groups: listed.slice(0, MAX_LISTED_DUPLICATES) }
  }
}

/** How many bits are set (Hacker's Delight, 5-1). */
function bitsOf(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}

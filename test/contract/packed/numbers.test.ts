import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { identityNamed, nameOfIdentity, pairSeen } from '../../../contract/packed/identities.ts'
import {
  encodeNumbers,
  labelsIn,
  parseNumbers,
  readNumbers,
  seenIn,
  type VersionNumbers,
} from '../../../contract/packed/numbers.ts'

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })

describe('a blob of numbers', () => {
  it('is read back as it was written, wherever it lies in a larger buffer', () => {
    fc.assert(
      fc.property(fc.array(int32), fc.nat(7), (numbers, before) => {
        const bytes = encodeNumbers(numbers)
        const larger = new Uint8Array(before + bytes.length + 3)
        larger.set(bytes, before)
        expect([...parseNumbers(bytes)]).toEqual(numbers)
        expect([...parseNumbers(larger.subarray(before, before + bytes.length))]).toEqual(numbers)
      }),
    )
  })

  it('is little-endian, four bytes a number', () => {
    expect([...encodeNumbers([1, -2, 0x01020304])]).toEqual([1, 0, 0, 0, 254, 255, 255, 255, 4, 3, 2, 1])
  })
})

describe('the numbers of a split', () => {
  const blobs: Record<string, Uint8Array> = { a: encodeNumbers([2, 0]), b: encodeNumbers([7, 9]) }
  const read = async (sha256: string) => blobs[sha256] ?? new Uint8Array()
  const shared = { count: 2, shards: [] }

  it('are classes where it has labels', async () => {
    const split = { ...shared, labelsSha256: 'a', classCounts: [1, 0, 1] }
    expect(await readNumbers(split, read)).toEqual({ are: 'CLASSES', labels: Int32Array.of(2, 0) })
  })

  it('are identities, each with its camera, where it has those', async () => {
    const split = { ...shared, identitiesSha256: 'a', camerasSha256: 'b' }
    const numbers = await readNumbers(split, read)
    const version: VersionNumbers = { query: numbers }
    expect(labelsIn(version, 'query')).toEqual(Int32Array.of(2, 0))
    expect(seenIn(version, 'query')).toEqual([
      { identity: 2, camera: 7 },
      { identity: 0, camera: 9 },
    ])
  })

  it('are refused where the split is not there, has classes, or has too few cameras', () => {
    const version: VersionNumbers = { train: { are: 'CLASSES', labels: Int32Array.of(1) } }
    expect(() => labelsIn(version, 'gallery')).toThrow('no split “gallery”')
    expect(() => seenIn(version, 'train')).toThrow('no identities in “train”')
    expect(() => pairSeen(Int32Array.of(1, 2), Int32Array.of(1))).toThrow('image 1 has an identity')
  })
})

describe('the name of an identity', () => {
  it('leads back to it', () => {
    expect(nameOfIdentity(2)).toBe('0002')
    fc.assert(
      fc.property(fc.nat(999_999_999), (identity) => {
        expect(identityNamed(nameOfIdentity(identity))).toBe(identity)
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Searched, scoreRankings } from '../../../../workers/engine/evaluation/retrieve.ts'
import { identitiesOf, search } from './search-gallery.ts'

describe('whatever is searched', () => {
  const SIZE = { identities: fc.integer({ min: -1, max: 4 }), camera: fc.integer({ min: 1, max: 3 }) }
  const picture = fc.record({
    identity: SIZE.identities,
    camera: SIZE.camera,
    // Few values, so that ties are common; small ones beside large ones, so that float32 alone could not tell.
    features: fc.array(fc.constantFrom(0, 1, 1 + 2 ** -22, -1, 2 ** -20, 3), { minLength: 3, maxLength: 3 }),
  })
  const pictures = (least: number) => fc.array(picture, { minLength: least, maxLength: 30 })
  type Picture = { identity: number; camera: number; features: number[] }
  const searchedOf = (list: Picture[]): Searched => ({
    ...identitiesOf(
      list.map(({ identity }) => identity),
      list.map(({ camera }) => camera),
    ),
    features: [{ width: 3, values: Float32Array.from(list.flatMap(({ features }) => features)) }],
  })
  const runs = { numRuns: 150 }

  it('the ranking is a stable sort by the distance in double precision', async () => {
    const unit = ({ features }: Picture) => {
      const length = Math.sqrt(features.reduce((sum, value) => sum + Math.fround(value) ** 2, 0)) || 1
      return features.map((value) => Math.fround(value) / length)
    }
    await fc.assert(
      fc.asyncProperty(pictures(1), pictures(1), async (queries, gallery) => {
        const { students } = await search(searchedOf(queries), searchedOf(gallery))
        for (const [q, query] of queries.entries()) {
          const own = unit(query)
          const order = gallery
            .map((other, g) => ({
              ...other,
              g,
              distance: unit(other).reduce((sum, value, i) => sum + (own[i]! - value) ** 2, 0),
            }))
            .filter(({ identity, camera }) => {
              const same = identity === query.identity && identity > 0
              return identity !== -1 && !(same && camera === query.camera)
            })
            .sort((a, b) => a.distance - b.distance)
          const ranks = order.flatMap(({ identity }, i) =>
            identity === query.identity && identity > 0 ? [i + 1] : [],
          )
          const precisions = ranks.map((rank, i) => (i + 1) / rank)
          const ranked = students[0]![q]!
          expect(ranked.gallery).toEqual(order.slice(0, 20).map(({ g }) => g))
          expect(ranked.firstRight).toBe(ranks[0] ?? null)
          if (ranks.length === 0) expect(ranked.averagePrecision).toBeNull()
          else
            expect(ranked.averagePrecision).toBeCloseTo(
              precisions.reduce((sum, value) => sum + value, 0) / ranks.length,
              12,
            )
        }
      }),
      runs,
    )
  }, 60_000)

  it('junk changes nothing, and a longer feature is the same feature', async () => {
    await fc.assert(
      fc.asyncProperty(pictures(1), pictures(1), pictures(0), async (queries, gallery, more) => {
        const junk = more.map((other) => ({ ...other, identity: -1 }))
        const longer = gallery.map((other) => ({
          ...other,
          features: other.features.map((value) => 4 * value),
        }))
        const plain = await search(searchedOf(queries), searchedOf(gallery))
        expect((await search(searchedOf(queries), searchedOf([...gallery, ...junk]))).students).toEqual(
          plain.students,
        )
        expect((await search(searchedOf(queries), searchedOf(longer))).students).toEqual(plain.students)
        // A student alone is its own ensemble.
        expect(plain.ensemble).toEqual(plain.students[0])
      }),
      runs,
    )
  }, 60_000)

  it('the shares lie in 0 to 1, and the CMC never falls', async () => {
    await fc.assert(
      fc.asyncProperty(pictures(1), pictures(1), async (queries, gallery) => {
        const { ensemble } = await search(searchedOf(queries), searchedOf(gallery))
        if (ensemble.every(({ firstRight }) => firstRight === null)) return
        const { meanAveragePrecision, cmc } = scoreRankings(ensemble)
        expect(meanAveragePrecision).toBeGreaterThan(0)
        expect(meanAveragePrecision).toBeLessThanOrEqual(1)
        expect(cmc).toEqual(cmc.toSorted((a, b) => a - b))
        expect(cmc.at(-1)).toBeLessThanOrEqual(1)
      }),
      runs,
    )
  }, 60_000)
})

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RetrievalScore } from '../../../../contract/evaluation.ts'
import type { Ranked } from '../../../../contract/retrieval-queries.ts'
import { type Identities, rankGallery, rolesOf } from '../../../../workers/engine/evaluation/rank-gallery.ts'
import { rankQueries, type Searched, scoreRankings } from '../../../../workers/engine/evaluation/retrieve.ts'
import { createGenerator } from '../../../../workers/engine/random.ts'
import { tf } from '../../../../workers/engine/tensorflow.ts'

const search = (query: Searched, gallery: Searched) => rankQueries(query, gallery, async () => {})

const identitiesOf = (identities: number[], cameras: number[]): Identities => ({
  identities: Int32Array.from(identities),
  cameras: Int32Array.from(cameras),
})

/** Exact distances only. */
const exactly = (distances: number[]) => ({
  approximate: distances,
  margin: 0,
  exact: (g: number) => distances[g]!,
})

describe('the ranking of one query', () => {
  const query = { identity: 7, camera: 1 }

  it('has precision at the right pictures’ ranks, without junk and with distractors', () => {
    //                         wrong  right  junk  own camera  distractor  right
    const gallery = identitiesOf([3, 7, -1, 7, 0, 7], [1, 2, 2, 1, 2, 3])
    const ranked = rankGallery(rolesOf(query, gallery), exactly([0.1, 0.2, 0, 0, 0.3, 0.4]))
    // In order: wrong, right (rank 2), distractor, right (rank 4).
    expect(ranked).toEqual({
      averagePrecision: (1 / 2 + 2 / 4) / 2,
      firstRight: 2,
      gallery: [0, 1, 4, 5],
      right: [false, true, false, true],
      distances: [0.1, 0.2, 0.3, 0.4].map(Math.sqrt),
    })
  })

  it('breaks ties by the index in the gallery', () => {
    const gallery = identitiesOf([3, 7, 4, 7], [2, 2, 2, 2])
    const ranked = rankGallery(rolesOf(query, gallery), exactly([1, 1, 1, 1]))
    expect(ranked.gallery).toEqual([0, 1, 2, 3])
    expect(ranked.averagePrecision).toBeCloseTo((1 / 2 + 2 / 4) / 2, 12)
  })

  it('has no precision where the gallery holds no match, and distractors do not match each other', () => {
    const gallery = identitiesOf([3, 7, 0], [2, 1, 2])
    expect(rankGallery(rolesOf(query, gallery), exactly([1, 1, 1]))).toMatchObject({
      averagePrecision: null,
      firstRight: null,
      gallery: [0, 2],
    })
    expect([...rolesOf({ identity: 0, camera: 1 }, gallery)]).toEqual([0, 0, 0])
  })

  it('asks for exact distances where approximate ones are too near to tell', () => {
    const gallery = identitiesOf([3, 7, 4], [2, 2, 2])
    const exact = [0.4995, 0.4996, 0.3]
    const approximate = [0.5005, 0.4985, 0.3]
    const ranked = rankGallery(rolesOf(query, gallery), {
      approximate,
      margin: 0.002,
      exact: (g) => exact[g]!,
    })
    expect(ranked).toMatchObject({ firstRight: 3, gallery: [2, 0, 1] })
  })

  it('names the 20 nearest and no more', () => {
    const gallery = identitiesOf(new Array(50).fill(7), new Array(50).fill(2))
    const distances = Array.from({ length: 50 }, (_, g) => (g * 17) % 50)
    const { gallery: nearest } = rankGallery(rolesOf(query, gallery), exactly(distances))
    expect(nearest.map((g) => distances[g])).toEqual(Array.from({ length: 20 }, (_, i) => i))
  })
})

describe('the scores of many queries', () => {
  const ranked = (averagePrecision: number | null, firstRight: number | null): Ranked => ({
    ...{ averagePrecision, firstRight },
    ...{ gallery: [], right: [], distances: [] },
  })

  it('leave queries without a match out', () => {
    const score = scoreRankings([ranked(1, 1), ranked(null, null), ranked(0.25, 6)])
    expect(score.meanAveragePrecision).toBe(0.625)
    expect([1, 5, 6, 20].map((rank) => score.cmc[rank - 1])).toEqual([0.5, 0.5, 1, 1])
  })

  it('are refused where no query has one', () => {
    expect(() => scoreRankings([ranked(null, null)])).toThrow('no query has a match')
  })
})

describe('against NumPy in double precision', () => {
  interface Golden {
    query: { identities: number[]; cameras: number[] }
    gallery: { identities: number[]; cameras: number[] }
    features: { query: number[][]; gallery: number[][] }[]
    students: { score: RetrievalScore; queries: Ranked[] }[]
    ensemble: { score: RetrievalScore; queries: Ranked[] }
    withoutMatch: number
  }
  const golden: Golden = JSON.parse(
    readFileSync(new URL('../../../references/retrieval.json', import.meta.url), 'utf8'),
  )
  const searched = (split: 'query' | 'gallery'): Searched => ({
    ...identitiesOf(golden[split].identities, golden[split].cameras),
    features: golden.features.map((own) => ({
      values: Float32Array.from(own[split].flat()),
      width: own[split][0]!.length,
    })),
  })

  it('every query’s precision, first right rank and 20 nearest are the same, ties included', async () => {
    const tensors = tf.memory().numTensors
    const rankings = await search(searched('query'), searched('gallery'))
    expect(tf.memory().numTensors).toBe(tensors)
    const pairs = [...rankings.students, rankings.ensemble].map(
      (own, k) => [own, golden.students[k] ?? golden.ensemble] as const,
    )
    for (const [own, reference] of pairs) {
      expect(own).toHaveLength(reference.queries.length)
      for (const [q, ranked] of own.entries()) {
        const { averagePrecision, distances, ...rest } = reference.queries[q]!
        expect(ranked, `query ${q}`).toMatchObject(rest)
        expect(Math.abs((ranked.averagePrecision ?? -1) - (averagePrecision ?? -1))).toBeLessThan(1e-9)
        for (const [i, distance] of ranked.distances.entries())
          expect(Math.abs(distance - distances[i]!)).toBeLessThan(1e-9)
      }
      const score = scoreRankings(own)
      expect(Math.abs(score.meanAveragePrecision - reference.score.meanAveragePrecision)).toBeLessThan(1e-9)
      for (const [i, share] of score.cmc.entries())
        expect(Math.abs(share - reference.score.cmc[i]!)).toBeLessThan(1e-9)
    }
    const withoutMatch = rankings.ensemble.filter(({ firstRight }) => firstRight === null)
    expect(withoutMatch).toHaveLength(golden.withoutMatch)
    expect(golden.withoutMatch).toBeGreaterThan(0)
  })

  it('holds ties between right and wrong pictures, so that their order is tested', () => {
    const tied = golden.ensemble.queries.filter(({ distances, right }) =>
      distances.some((distance, i) => distance === distances[i + 1] && right[i] !== right[i + 1]),
    )
    expect(tied.length).toBeGreaterThan(3)
  })
})

describe('pictures that hardly differ', () => {
  it('are ranked by what float32 products cannot tell', async () => {
    const width = 64
    const { normal } = createGenerator('hardly different')
    const centre = Array.from({ length: width }, normal)
    const drawNear = () => Float32Array.from(centre, (value) => value * (1 + 1e-5 * normal()))
    const [query, ...gallery] = Array.from({ length: 31 }, drawNear) as [Float32Array, ...Float32Array[]]
    const searched = (features: Float32Array[], camera: number): Searched => ({
      ...identitiesOf(new Array(features.length).fill(1), new Array(features.length).fill(camera)),
      features: [{ width, values: Float32Array.from(features.flatMap((own) => [...own])) }],
    })
    const { students } = await search(searched([query], 1), searched(gallery, 2))
    const unit = (feature: Float32Array) => [...feature].map((value) => value / Math.hypot(...feature))
    const own = unit(query)
    const distances = gallery.map((other) => Math.hypot(...unit(other).map((value, i) => value - own[i]!)))
    const order = [...distances.keys()].sort((a, b) => distances[a]! - distances[b]!)
    expect(students[0]![0]!.gallery).toEqual(order.slice(0, 20))
  })
})

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

import { describe, expect, it } from 'vitest'
import type { Ranked } from '../../../../contract/retrieval-queries.ts'
import { rankGallery, rolesOf } from '../../../../workers/engine/evaluation/rank-gallery.ts'
import { scoreRankings } from '../../../../workers/engine/evaluation/retrieve.ts'
import { identitiesOf } from './search-gallery.ts'

/** Exact distances only. */
const exactly = (distances: number[]) => ({
  approximate: distances,
  margin: 0,
  exact: (g: number) => distances[g]!,
})

describe('the ranking of one query', () => {
  const query = { identity: 7, camera: 1 }

  it('has precision at the right images’ ranks, without junk and with distractors', () => {
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

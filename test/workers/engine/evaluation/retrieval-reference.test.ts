import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { RetrievalScore } from '../../../../contract/evaluation.ts'
import type { Ranked } from '../../../../contract/retrieval-queries.ts'
import { type Searched, scoreRankings } from '../../../../workers/engine/evaluation/retrieve.ts'
import { createGenerator } from '../../../../workers/engine/random.ts'
import { tf } from '../../../../workers/engine/tensorflow.ts'
import { identitiesOf, search } from './search-gallery.ts'

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

  it('holds ties between right and wrong images, so that their order is tested', () => {
    const tied = golden.ensemble.queries.filter(({ distances, right }) =>
      distances.some((distance, i) => distance === distances[i + 1] && right[i] !== right[i + 1]),
    )
    expect(tied.length).toBeGreaterThan(3)
  })
})

describe('images that hardly differ', () => {
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

import { expect, it } from 'vitest'
import { shardsOfSample, spreadSample } from '../../../contract/packed/spread-sample.ts'

const split = (...counts: number[]) => ({
  count: counts.reduce((sum, count) => sum + count, 0),
  shards: counts.map((count, i) => ({ sha256: i.toString(16).padStart(64, '0'), count })),
})

it('takes images from everywhere in a split, and all where there are fewer than wanted', () => {
  expect(spreadSample(split(6, 4), 5)).toEqual([1, 3, 5, 7, 9])
  expect(spreadSample(split(2, 1), 5)).toEqual([0, 1, 2])
  expect(spreadSample(split(), 5)).toEqual([])
})

it('takes the images of a large split from eight of its shards, which alone have to be fetched', () => {
  const large = split(...Array.from({ length: 80 }, () => 10))
  const fetched = shardsOfSample(large)
  const [first, last] = [large.shards[5]!.sha256, large.shards[75]!.sha256]
  expect([fetched.length, fetched[0], fetched.at(-1)]).toEqual([8, first, last])
  const sample = spreadSample(large, 16)
  expect(new Set(sample.map((i) => large.shards[Math.floor(i / 10)]!.sha256))).toEqual(new Set(fetched))
  expect(sample.slice(0, 3)).toEqual([52, 57, 152])
})

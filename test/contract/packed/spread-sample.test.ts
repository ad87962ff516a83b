import { expect, it } from 'vitest'
import type { PackedDataset } from '../../../contract/packed/manifest.ts'
import {
  EXPORT_SAMPLE,
  partsOfSample,
  partsOfSamples,
  spreadSample,
} from '../../../contract/packed/spread-sample.ts'

const split = (...counts: number[]) => ({
  count: counts.reduce((sum, count) => sum + count, 0),
  shards: counts.map((count, i) => ({ sha256: i.toString(16).padStart(64, '0'), count })),
})

it('takes an image of each part of a split, the same each time, and all where there are fewer than wanted', () => {
  const sample = spreadSample(split(6, 4), 5)
  expect(sample.map((index) => Math.floor(index / 2))).toEqual([0, 1, 2, 3, 4])
  expect(spreadSample(split(6, 4), 5)).toEqual(sample)
  expect(new Set(spreadSample(split(1000), 700)).size).toBe(700)
  expect(spreadSample(split(2, 1), 5)).toEqual([0, 1, 2])
  expect(spreadSample(split(), 5)).toEqual([])
})

it('has every class, whether images lie in the order of their labels, in many shards, or labels take turns', () => {
  const large = split(...Array.from({ length: 80 }, () => 10))
  const sample = spreadSample(large, 160)
  expect(new Set(sample.map((i) => Math.floor(i / 10))).size).toBe(80)
  expect(new Set(sample.map((i) => i % 5)).size).toBe(5)
})

it('says where in their shards its images lie', () => {
  const two = split(6, 4)
  const sample = spreadSample(two, 5)
  const parts = partsOfSample(two, 5, 100)
  expect(parts.map(({ sha256, count }) => ({ sha256, count }))).toEqual(two.shards)
  const starts = parts.flatMap(({ offsets }, i) => offsets.map((offset) => offset / 100 + 6 * i))
  expect(starts).toEqual(sample)
})

it('has of a shard that training and test images share what either takes', () => {
  const shared = split(3000)
  const [train, test] = [EXPORT_SAMPLE.train, EXPORT_SAMPLE.test].map((most) => spreadSample(shared, most))
  const dataset = {
    kind: 'CLASSIFICATION',
    splits: { train: shared, test: shared },
  } as unknown as PackedDataset
  const [part, ...others] = partsOfSamples(dataset, 1)
  expect(others).toEqual([])
  expect([...part!.offsets].sort((a, b) => a - b)).toEqual(
    [...new Set([...train!, ...test!])].sort((a, b) => a - b),
  )
})

import { expect, it } from 'vitest'
import { candidatesOf, firstChosen } from '../../../web/features/trade-offs/measured/choose-candidates.ts'
import {
  measuredBackends,
  measuredPoints,
  measuredSpan,
} from '../../../web/features/trade-offs/measured/measured-points.ts'
import type { MeasuredTime } from '../../../web/features/trade-offs/measured/measured-times.ts'

const MEBIBYTE = 2 ** 20

const pointOf = (id: string, score: number) => ({
  ...{ id, score, name: 'ada', network: 'resnet-8', runNumber: 1, cost: 77_754, isOnFrontier: false },
  ...{ kind: 'STUDENT' as const, learnedFrom: 'PEERS' as const },
})
const timeOf = (modelId: string, medianMs: number, backend: MeasuredTime['backend'], at: string) => ({
  ...{ modelId, medianMs, backend, at, sha256: modelId, runs: 10 },
})

const POINTS = [pointOf('a', 0.9), pointOf('b', 0.8), pointOf('c', 0.95), pointOf('d', 0.7)]
const TIMES = [
  timeOf('a', 3, 'wasm', '2026-11-01T10:00:00Z'),
  timeOf('b', 1, 'wasm', '2026-11-03T10:00:00Z'),
  timeOf('d', 2, 'wasm', '2026-11-02T10:00:00Z'),
  timeOf('c', 0.5, 'webgl', '2026-11-04T10:00:00Z'),
  timeOf('elsewhere', 1, 'webgpu', '2026-11-05T10:00:00Z'),
]

it('offers the backends that one of the points was measured with, the last used first', () => {
  expect(measuredBackends(POINTS, TIMES)).toEqual(['webgl', 'wasm'])
  expect(measuredBackends(POINTS, [])).toEqual([])
})

it('puts points in the order of what they took with one backend, and marks those that nothing as fast beats', () => {
  const measured = measuredPoints(POINTS, TIMES, 'wasm')
  expect(measured.map(({ id, cost, isOnFrontier }) => [id, cost, isOnFrontier])).toEqual([
    ['b', 1, true],
    ['d', 2, false],
    ['a', 3, true],
  ])
  expect(measuredSpan(POINTS, TIMES, 'wasm')).toEqual(['2026-11-01T10:00:00Z', '2026-11-03T10:00:00Z'])
  expect(measuredSpan(POINTS, TIMES, 'webgpu')).toBeNull()
})

it('measures models that have a file of a size that a browser can hold, and chooses a few small ones first', () => {
  const fileOf = (id: string, byteLength: number, format: 'TFJS' | 'ONNX' = 'TFJS') => ({
    ...{ __typename: 'Model' as const, id },
    artifacts: [
      { __typename: 'Artifact' as const, id: `file of ${id}`, fileName: 'x', sha256: id, format, byteLength },
    ],
  })
  const files = [fileOf('a', 20 * MEBIBYTE), fileOf('b', 65 * MEBIBYTE), fileOf('c', MEBIBYTE, 'ONNX'), null]
  const candidates = candidatesOf(POINTS, files)
  expect(candidates.map(({ modelId }) => modelId)).toEqual(['a'])
  expect(candidates[0]?.name).toBe('ada of run 1')

  const many = Array.from({ length: 20 }, (_, i) => pointOf(`m${i}`, 0.5))
  const chosenOf = (byteLength: number) =>
    firstChosen(
      candidatesOf(
        many,
        many.map(({ id }) => fileOf(id, byteLength)),
      ),
    )
  expect(chosenOf(1000)).toHaveLength(8)
  expect(chosenOf(15 * MEBIBYTE)).toEqual(['m0', 'm1'])
})

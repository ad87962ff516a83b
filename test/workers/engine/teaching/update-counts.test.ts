import { expect, it } from 'vitest'
import type { TrainingBatch } from '../../../../workers/engine/batches/training-batches.ts'
import { countUpdates } from '../../../../workers/engine/teaching/update-counts.ts'

it('counts the updates of a student from where it joined, else from the first step, whatever it is called', () => {
  const batch = { step: 9, stageStep: 9, stepsPerEpoch: 5 } as TrainingBatch
  const counts = countUpdates(['constructor', 'eve'], { eve: 7 })
  expect(counts.inputs(batch, (update) => Float32Array.of(update))).toEqual(Float32Array.of(10, 3))
  expect(counts.epochsOf(batch)).toEqual([1, 0])
})

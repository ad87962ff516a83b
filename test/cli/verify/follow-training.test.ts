import { describe, expect, it } from 'vitest'
import { FollowedTraining } from '../../../cli/verify/follow-training.ts'
import type { Receipt } from '../../../contract/runs/receipt.ts'
import type { TrainingEvent } from '../../../contract/training.ts'

const weightsAt = (step: number) => ({ step, tensors: { 'ada/w': `${step}`.padStart(32, '0') } })
const receipt = { engineBuild: 'test', weights: [1, 10, 1000].map(weightsAt) } as unknown as Receipt

const hashed = (step: number): TrainingEvent => ({ type: 'weights', ...weightsAt(step), libraries: {} })
const progress = (step: number): TrainingEvent => {
  return { type: 'metrics', step, steps: 3910, epoch: 1, epochs: 10, imagesPerSecond: 100, points: [] }
}
const evaluating: TrainingEvent = { type: 'phase', phase: 'EVALUATING' }

function follow(events: TrainingEvent[], checks = receipt.weights) {
  const followed = new FollowedTraining(receipt, checks)
  for (const event of events) followed.take(event)
  return followed
}

describe('a training that is compared with a receipt', () => {
  const hashes = [1, 10, 1000].map(hashed)

  it('is equal after all steps where it ends after the receipt’s last hash', () => {
    expect(follow(hashes).verdict).toBeUndefined()
    expect(follow([...hashes, progress(1000), evaluating]).verdict).toEqual({
      isEqual: true,
      words: 'equal to the bit after all 1000 steps',
    })
  })

  it('is equal up to the last hash only where it goes on after it', () => {
    const { verdict } = follow([...hashes, progress(1000), progress(1010)])
    expect(verdict).toMatchObject({
      isEqual: true,
      words: expect.stringMatching(/bit up to step 1000, the last/),
    })
    expect(follow(hashes).conclude()).toEqual(verdict)
  })

  it('is equal up to the last hash that was asked for', () => {
    const { verdict } = follow([...hashes.slice(0, 2), progress(11)], receipt.weights.slice(0, 2))
    expect(verdict).toEqual({ isEqual: true, words: 'equal to the bit up to step 10' })
  })

  it('has no verdict where it ended before', () => {
    expect(follow([hashed(1), progress(5)]).conclude()).toBeUndefined()
  })
})

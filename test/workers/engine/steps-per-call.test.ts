import { describe, expect, it } from 'vitest'
import { StepsPerCall } from '../../../workers/engine/steps-per-call.ts'

const CIFAR_BATCH = 64 * 32 * 32 * 3

/** The numbers of steps that calls take, when a step takes so long and the first call also compiles. */
function callsOf(secondsPerStep: number, batchBytes = CIFAR_BATCH) {
  const calls = new StepsPerCall(undefined, batchBytes)
  return Array.from({ length: 8 }, (_, call) => {
    const steps = calls.next
    calls.measure(steps, steps * secondsPerStep + (call === 0 ? 20 : 0))
    return steps
  })
}

describe('the number of steps a call', () => {
  it('grows from one to what takes 150 ms, and is not misled by the first call', () => {
    expect(callsOf(0.004)).toEqual([1, 1, 4, 16, 37, 37, 37, 37])
  })

  it('stays one where a step takes longer than that', () => {
    expect(new Set(callsOf(0.2))).toEqual(new Set([1]))
  })

  it('is limited, however short a step is and however large its images are', () => {
    expect(callsOf(0).at(-1)).toBe(256)
    expect(callsOf(0.001, 64 * 224 * 224 * 3).at(-1)).toBe(6)
    expect(callsOf(0.001, 2 ** 30).at(-1)).toBe(1)
  })

  it('is the given one, if there is one', () => {
    const calls = new StepsPerCall(7, CIFAR_BATCH)
    calls.measure(7, 100)
    expect(calls.next).toBe(7)
  })
})

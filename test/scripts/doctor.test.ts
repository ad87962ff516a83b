import { describe, expect, it } from 'vitest'
import { compareProbes, conclude, examineMachine, type Probe } from '../../scripts/doctor/examine.ts'
import { parseCards } from '../../workers/devices/cards.ts'
import { inspectCudaLibraries } from '../../workers/devices/cuda-libraries.ts'

const cards = parseCards('0, GPU-1, NVIDIA L4, 23034, 570.86.15')
const libraries = inspectCudaLibraries('/nowhere')
const probe = (values: number[], again = values, usesCard = true): Probe => ({
  usesCard,
  FLOAT32: [values, again],
  BFLOAT16: [values, again],
})
const processor = probe([1, -2], [1, -2], false)

describe('the doctor', () => {
  it('tells card and libraries, and misses a card only where one was asked for', () => {
    const { lines, problems } = examineMachine({ cards, libraries }, false)
    expect(lines[0]).toBe('card          NVIDIA L4, 22 GiB, driver 570.86.15')
    expect(lines).toHaveLength(1 + libraries.length)
    expect(problems).toHaveLength(1)
    expect(examineMachine({ cards: [], libraries }, false)).toEqual({
      lines: ['card          none'],
      problems: [],
    })
    expect(examineMachine({ cards: [], libraries }, true).problems).toHaveLength(1)
  })

  it('compares what was computed with the processor and with itself', () => {
    expect(compareProbes(probe([1, -2.0001]), processor, true).problems).toEqual([])
    const wrong = compareProbes(probe([1, 2]), processor, true)
    expect(wrong.problems).toEqual([
      "In FLOAT32 a convolution's gradients are wrong.",
      "In BFLOAT16 a convolution's gradients are wrong.",
    ])
    const other = compareProbes(probe([1, -2], [1, -2.0001]), processor, true)
    expect(other.problems).toEqual([
      'In FLOAT32 results differ from one time to the next.',
      'In BFLOAT16 results differ from one time to the next.',
    ])
    expect(compareProbes(processor, processor, true).problems).toEqual([
      'TensorFlow does not see the card, though nvidia-smi does.',
    ])
    expect(compareProbes(probe([]), processor, true).problems).toHaveLength(2)
  })

  it('ends with one line and an exit code', () => {
    expect(conclude([], true)).toEqual({ line: 'Fit to train on the card.', code: 0 })
    expect(conclude([], false)).toEqual({ line: 'Fit to train on the processor.', code: 0 })
    expect(conclude(['No.', 'Never.'], true)).toEqual({ line: 'Not fit to train: No. Never.', code: 1 })
  })
})

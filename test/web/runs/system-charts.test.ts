import { describe, expect, it } from 'vitest'
import {
  type Pace,
  SYSTEM_CHARTS,
  systemFacts,
  systemLine,
} from '../../../web/features/runs/system/system-charts.ts'

const load = (memoryBytes: number) => ({
  ...{ memoryBytes, busyCores: 1.5, batchWait: 0.25, cardMemoryBytes: null, cardUtilization: null },
})
const pace: Pace = {
  steps: [10, 20, 30],
  seconds: [2, 3, 4],
  imagesPerSecond: [100, 640, 600],
  loads: [null, load(2 ** 30), load(2 ** 29)],
}
const drawn = (byTime: boolean) =>
  Object.fromEntries(
    SYSTEM_CHARTS.flatMap((chart) => {
      const line = systemLine(chart, pace, 10, { byTime, scheme: 'light' })
      return line ? [[chart.name, line]] : []
    }),
  )

describe('what a run used of its machine', () => {
  it('has a line for each measure, from where it was measured on, and none of what was never measured', () => {
    const { stepsPerSecond, memory, ...others } = drawn(false)
    expect(stepsPerSecond).toMatchObject({ steps: [10, 20, 30], values: [10, 64, 60] })
    expect(memory).toMatchObject({ steps: [20, 30], values: [2 ** 30, 2 ** 29] })
    expect(Object.keys(others)).toEqual(['batchWait', 'busyCores'])
  })

  it('stands at seconds where the axis counts them', () => {
    expect(drawn(true).memory?.xs).toEqual([3, 4])
  })

  it('is said in words, with what nobody measured said to be so', () => {
    expect(Object.fromEntries(systemFacts(pace, 10))).toEqual({
      'Images per second': '600',
      'Steps per second': '60.00',
      'Waiting for batches': '25.0 %',
      'Most memory': '1.0 GiB',
      'Busy cores': '1.5',
      'Most memory of the card': 'not measured',
      'Use of the card': 'not measured',
    })
  })
})

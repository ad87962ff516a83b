import { describe, expect, it } from 'vitest'
import { compareErrorCorrelations } from '../../../../workers/engine/explain/error-correlation.ts'
import { RunningDifference } from '../../../../workers/engine/explain/running-difference.ts'
import { withNoise } from '../../../../workers/engine/explain/weight-noise.ts'

describe('noise on the weights', () => {
  const kernel = Float32Array.from({ length: 3 * 3 * 4 * 2 }, (_, i) => (i % 2 === 0 ? 1 : 0.01))
  const weight = { name: 'conv/kernel', shape: [3, 3, 4, 2] }
  const changeOf = (noisy: Float32Array, filter: number) =>
    Math.sqrt(noisy.reduce((sum, value, i) => sum + (i % 2 === filter ? (value - kernel[i]!) ** 2 : 0), 0))
  const lengthOf = (filter: number) =>
    Math.sqrt(kernel.reduce((sum, value, i) => sum + (i % 2 === filter ? value ** 2 : 0), 0))

  it('is as long as a share of each filter, or of one deviation everywhere', () => {
    const filtered = withNoise(kernel, weight, 'FILTER', 0.1, 0)
    for (const filter of [0, 1]) expect(changeOf(filtered, filter) / lengthOf(filter)).toBeCloseTo(0.1, 4)
    const many = new Float32Array(20_000)
    const plain = withNoise(many, { name: 'a', shape: [100, 200] }, 'PLAIN', 0.5, 0)
    expect(Math.sqrt(plain.reduce((sum, value) => sum + value ** 2, 0) / many.length)).toBeCloseTo(0.5, 1)
  })

  it('is the same for a student and its twin, another for each draw, and none on what is no kernel', () => {
    const draw = (number: number) => withNoise(kernel, weight, 'PLAIN', 0.1, number)
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
    const scale = Float32Array.of(1, 2)
    expect(withNoise(scale, { name: 'norm/gamma', shape: [2] }, 'FILTER', 0.1, 0)).toBe(scale)
  })

  it('takes each channel of a depthwise kernel for a filter', () => {
    const shape = [1, 2, 3, 1]
    const values = Float32Array.of(1, 10, 100, 1, 10, 100)
    const noisy = withNoise(values, { name: 'conv/depthwise_kernel', shape }, 'FILTER', 0.1, 0)
    for (const channel of [0, 1, 2]) {
      const changed = Math.hypot(...[channel, channel + 3].map((i) => noisy[i]! - values[i]!))
      expect(changed / Math.hypot(values[channel]!, values[channel]!)).toBeCloseTo(0.1, 4)
    }
  })
})

it('a running difference has the mean and the deviation of its pairs', () => {
  const running = new RunningDifference()
  for (const [own, alone] of [
    [3, 1],
    [5, 2],
    [4, 4],
    [9, 2],
  ] as const)
    running.add(own, alone)
  // Of 2, 3, 0 and 7: mean 3, squares 1 + 0 + 9 + 16.
  expect(running.measure({ name: 'POSTERIOR_ENTROPY', student: 'ada', level: null })).toEqual({
    ...{ name: 'POSTERIOR_ENTROPY', student: 'ada', level: null, own: 5.25, alone: 2.25 },
    difference: { mean: 3, deviation: Math.sqrt(26 / 3), count: 4 },
  })
})

describe('error correlations beside the twins’', () => {
  // Two students that err together on every third image and alone on some others, and twins that err apart.
  const together = [0, 1].map((k) => Array.from({ length: 600 }, (_, i) => i % 3 === 0 || i % 7 === k))
  const apart = [0, 1].map((k) => Array.from({ length: 600 }, (_, i) => i % 2 === k || i % 5 === 0))
  const phiOf = ([one = [], other = []]: readonly (readonly boolean[])[]) => {
    const share = (errs: (i: number) => boolean | undefined) =>
      one.filter((_, i) => errs(i)).length / one.length
    const [p, q] = [share((i) => one[i]), share((i) => other[i])]
    return (share((i) => one[i] && other[i]) - p * q) / Math.sqrt(p * (1 - p) * q * (1 - q))
  }

  it('have the standard error of a jackknife over the images', () => {
    const { own, alone, difference } = compareErrorCorrelations(together, apart)!.measure({
      ...{ name: 'ERROR_CORRELATION', student: null, level: null },
    })
    expect(own).toBeCloseTo(phiOf(together), 12)
    expect(alone).toBeCloseTo(phiOf(apart), 12)
    const without = Array.from({ length: 600 }, (_, left) => {
      const [here, there] = [together, apart].map((errors) =>
        phiOf(errors.map((one) => one.filter((_, i) => i !== left))),
      )
      return here! - there!
    })
    const mean = without.reduce((sum, one) => sum + one, 0) / 600
    const jackknife = Math.sqrt((599 / 600) * without.reduce((sum, one) => sum + (one - mean) ** 2, 0))
    expect(difference!.deviation / Math.sqrt(600) / jackknife).toBeCloseTo(1, 2)
  })

  it('do not exist where a student is always right', () => {
    expect(compareErrorCorrelations([together[0]!, together[0]!.map(() => false)], apart)).toBeNull()
  })
})

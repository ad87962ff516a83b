import { describe, expect, it } from 'vitest'
import type { OptimizerSettings } from '../../../../contract/recipes/recipe.ts'
import { resolveRecipe } from '../../../../contract/recipes/recipe-presets.ts'
import { clipGradients } from '../../../../workers/engine/optimizers/clip-gradients.ts'
import { learningRateAt } from '../../../../workers/engine/optimizers/schedule.ts'
import {
  createStudentOptimizer,
  optimizerScalarsAt,
} from '../../../../workers/engine/optimizers/student-optimizer.ts'
import {
  averagingShareAt,
  createWeightAverage,
} from '../../../../workers/engine/optimizers/weight-average.ts'
import type { StudentNetwork } from '../../../../workers/engine/students/student-network.ts'
import { tf } from '../../../../workers/engine/tensorflow.ts'

function studentOf(weight: string, value: number): StudentNetwork {
  const variable = tf.variable(tf.scalar(value))
  return { name: 'ada', weights: [{ name: weight, variable, trainable: true }] } as unknown as StudentNetwork
}

/** The weight 1 after two steps with learning rate 0.1 along the gradients 0.5 and 0.25. */
function trainTwice(optimizer: OptimizerSettings, weight = 'a/kernel'): number {
  const student = studentOf(weight, 1)
  const recipe = { optimizer, clipNorm: null }
  const own = createStudentOptimizer(student, recipe)
  const { variable } = student.weights[0]!
  for (const [i, gradient] of [0.5, 0.25].entries()) {
    const scalars = tf.tensor1d(optimizerScalarsAt(recipe, 0.1, i + 1))
    own.update({ [variable.name]: tf.scalar(gradient) }, scalars)
  }
  return variable.dataSync()[0]!
}

describe('SGD', () => {
  type Settings = { momentum: number; nesterov: boolean; weightDecay: number; skipDepthwise?: boolean }
  const train = (settings: Settings, weight: string) =>
    trainTwice({ kind: 'SGD', skipDepthwise: false, ...settings }, weight)

  it('without momentum walks down the gradient', () => {
    expect(train({ momentum: 0, nesterov: false, weightDecay: 0 }, 'a/kernel')).toBeCloseTo(
      1 - 0.05 - 0.025,
      6,
    )
  })

  it('gathers momentum', () => {
    // v: 0.5, then 0.9 · 0.5 + 0.25 = 0.7
    expect(train({ momentum: 0.9, nesterov: false, weightDecay: 0 }, 'a/kernel')).toBeCloseTo(
      1 - 0.05 - 0.07,
      6,
    )
  })

  it('looks ahead with Nesterov', () => {
    // 0.5 + 0.9 · 0.5 = 0.95, then 0.25 + 0.9 · 0.7 = 0.88
    expect(train({ momentum: 0.9, nesterov: true, weightDecay: 0 }, 'a/kernel')).toBeCloseTo(
      1 - 0.095 - 0.088,
      6,
    )
  })

  it('adds weight decay to the gradient of kernels and of nothing else', () => {
    const settings = { momentum: 0, nesterov: false, weightDecay: 0.1 }
    // 1 - 0.1 · (0.5 + 0.1) = 0.94, then 0.94 - 0.1 · (0.25 + 0.094)
    expect(train(settings, 'a/kernel')).toBeCloseTo(0.94 - 0.0344, 6)
    expect(train(settings, 'a/bias')).toBeCloseTo(1 - 0.075, 6)
    expect(train(settings, 'a_bn/gamma')).toBeCloseTo(1 - 0.075, 6)
    expect(train(settings, 'a_depthwise/depthwise_kernel')).toBeCloseTo(0.94 - 0.0344, 6)
    const skipping = { ...settings, skipDepthwise: true }
    expect(train(skipping, 'a_depthwise/depthwise_kernel')).toBeCloseTo(1 - 0.075, 6)
    expect(train(skipping, 'a/kernel')).toBeCloseTo(0.94 - 0.0344, 6)
  })
})

describe('Adam', () => {
  const settings = { beta1: 0.5, beta2: 0.75, epsilon: 0.1, weightDecay: 0, skipDepthwise: false }

  it('divides the mean gradient by its deviation, both corrected for their start at zero', () => {
    // Step 1: m / (1 - 0.5) = 0.5, √(v / (1 - 0.75)) = 0.5; step 2: m = 0.25, v = 0.0625 · 0.75 + 0.25 · 0.0625.
    const first = (0.1 * 0.5) / (0.5 + 0.1)
    const second = (0.1 * 0.25) / 0.75 / (Math.sqrt(0.0625 / (1 - 0.75 ** 2)) + 0.1)
    expect(trainTwice({ kind: 'ADAM', ...settings })).toBeCloseTo(1 - first - second, 6)
  })

  it('lets the size of a gradient hardly matter', () => {
    // √v is |g| in the first step, whatever it is.
    const change = (gradient: number) => {
      const student = studentOf('a/kernel', 0)
      const recipe = { optimizer: { kind: 'ADAM', ...settings, epsilon: 1e-8 } as const, clipNorm: null }
      const { variable } = student.weights[0]!
      createStudentOptimizer(student, recipe).update(
        { [variable.name]: tf.scalar(gradient) },
        tf.tensor1d(optimizerScalarsAt(recipe, 0.1, 1)),
      )
      return variable.dataSync()[0]!
    }
    expect(change(1e-4)).toBeCloseTo(-0.1, 4)
    expect(change(100)).toBeCloseTo(-0.1, 4)
  })

  it('decays kernels through the gradient, AdamW beside it, and neither decays a bias', () => {
    const decaying = { ...settings, weightDecay: 0.5 }
    const plain = trainTwice({ kind: 'ADAM', ...settings }, 'a/bias')
    expect(trainTwice({ kind: 'ADAM', ...decaying }, 'a/bias')).toBe(plain)
    expect(trainTwice({ kind: 'ADAMW', ...decaying }, 'a/bias')).toBe(plain)
    // AdamW's moments are those of the bare gradient; the kernel shrinks by 0.1 · 0.5 in each step before it moves.
    const [first, second] = [(0.1 * 0.5) / 0.6, (0.1 * 0.25) / 0.75 / (Math.sqrt(0.0625 / 0.4375) + 0.1)]
    expect(trainTwice({ kind: 'ADAMW', ...decaying })).toBeCloseTo((0.95 - first) * 0.95 - second, 6)
    // Adam sees 0.5 + 0.5 · 1 as its first gradient.
    const afterOne = 1 - 0.1 / 1.1
    const mean = 0.25 + 0.5 * (0.25 + 0.5 * afterOne)
    const meanSquare = 0.1875 + 0.25 * (0.25 + 0.5 * afterOne) ** 2
    const coupled = (0.1 * mean) / 0.75 / (Math.sqrt(meanSquare / 0.4375) + 0.1)
    expect(trainTwice({ kind: 'ADAM', ...decaying })).toBeCloseTo(afterOne - coupled, 6)
  })
})

describe('clipping', () => {
  const clipped = (maxNorm: number) =>
    clipGradients([tf.tensor1d([3, 0]), tf.scalar(4)], maxNorm).flatMap((gradient) => [
      ...gradient.dataSync(),
    ])

  it('scales all gradients of a student by one factor, to the norm over all of them', () => {
    const [a, b, c] = clipped(1)
    expect(a).toBeCloseTo(0.6, 5)
    expect(b).toBe(0)
    expect(c).toBeCloseTo(0.8, 5)
  })

  it('leaves gradients alone that are short enough', () => {
    expect(clipped(5.1)).toEqual([3, 0, 4])
  })
})

describe('the average of the weights', () => {
  it('follows quickly at first, then with the decay', () => {
    // 1 - 2/11, 1 - 3/12, ... until (1 + t) / (10 + t) reaches 0.5 at t = 8.
    expect(averagingShareAt(0.5, 1)).toBeCloseTo(9 / 11, 10)
    expect(averagingShareAt(0.5, 2)).toBeCloseTo(9 / 12, 10)
    expect([8, 100].map((t) => averagingShareAt(0.5, t))).toEqual([0.5, 0.5])
  })

  it('moves towards every weight, batch normalisation’s statistics too', () => {
    const student = studentOf('bn/moving_mean', 3)
    student.weights[0]!.trainable = false
    const average = createWeightAverage(student, studentOf('bn/moving_mean', 1))
    const value = () => average.variables[0]!.variable.dataSync()[0]
    expect(average.variables.map(({ name }) => name)).toEqual(['ada/bn/moving_mean/average'])
    expect(value()).toBe(3)
    student.weights[0]!.variable.assign(tf.scalar(5))
    average.follow(tf.scalar(0.25))
    expect(value()).toBe(3.5)
  })
})

describe('the learning rate', () => {
  it('falls to a tenth after every 60 epochs in the paper’s recipe', () => {
    const recipe = resolveRecipe('cifar-paper')
    const rates = [0, 59, 60, 119, 120, 199].map((epoch) => learningRateAt(recipe, epoch * 10 + 9, 10))
    for (const [i, rate] of [0.1, 0.1, 0.01, 0.01, 0.001, 0.0001].entries())
      expect(rates[i]).toBeCloseTo(rate, 10)
  })

  it('warms up in a line, then follows half a cosine down to 0', () => {
    const schedule = { kind: 'COSINE', warmupEpochs: 1 } as const
    const recipe = resolveRecipe('quick', { epochs: 5, learningRate: 0.4, schedule })
    const rate = (step: number) => learningRateAt(recipe, step, 4)
    expect([0, 1, 2, 3].map(rate).map((value) => Number(value.toFixed(6)))).toEqual([0.1, 0.2, 0.3, 0.4])
    expect(rate(4)).toBeCloseTo(0.4, 10)
    expect(rate(12)).toBeCloseTo(0.2, 10)
    expect(rate(19)).toBeCloseTo(0.2 * (1 + Math.cos((Math.PI * 15) / 16)), 10)
  })

  const ratesOf = (own: object, steps: number[], stepsPerEpoch: number) => {
    const recipe = resolveRecipe('cifar-paper', own)
    return steps.map((step) => Number(learningRateAt(recipe, step, stepsPerEpoch).toPrecision(9)))
  }

  it('stays where it is under CONSTANT', () => {
    const schedule = { kind: 'CONSTANT' } as const
    expect(ratesOf({ learningRate: 0.3, schedule }, [0, 7, 999], 5)).toEqual([0.3, 0.3, 0.3])
  })

  it('falls at the named epochs under MULTI_STEP', () => {
    const schedule = { kind: 'MULTI_STEP', atEpochs: [2, 3], factor: 0.5 } as const
    expect(ratesOf({ epochs: 5, schedule }, [0, 19, 20, 29, 30, 49], 10)).toEqual([
      0.1, 0.1, 0.05, 0.05, 0.025, 0.025,
    ])
  })

  it('warms up before any schedule that falls', () => {
    const warmupEpochs = 0.5
    for (const schedule of [
      { kind: 'CONSTANT', warmupEpochs },
      { kind: 'STEP', everyEpochs: 1, factor: 0.1, warmupEpochs },
      { kind: 'MULTI_STEP', atEpochs: [1], factor: 0.1, warmupEpochs },
    ] as const) {
      const last = schedule.kind === 'CONSTANT' ? 0.1 : 0.01
      expect(ratesOf({ epochs: 2, schedule }, [0, 1, 2, 3, 4], 4)).toEqual([0.05, 0.1, 0.1, 0.1, last])
    }
  })

  it('rises and falls under ONE_CYCLE as in PyTorch’s OneCycleLR', () => {
    const schedule = { kind: 'ONE_CYCLE', risingShare: 0.3, startDivisor: 25, endDivisor: 1e4 } as const
    // OneCycleLR(max_lr=0.1, total_steps=10): up to the peak at step 0.3 · 10 - 1 = 2, down to 0.004 / 10,000 at step 9.
    const half = (from: number, to: number, share: number) =>
      to + ((from - to) / 2) * (1 + Math.cos(Math.PI * share))
    const rates = ratesOf({ epochs: 10, schedule }, [0, 1, 2, 3, 8, 9], 1)
    const expected = [0.004, half(0.004, 0.1, 0.5), 0.1, half(0.1, 4e-7, 1 / 7), half(0.1, 4e-7, 6 / 7), 4e-7]
    for (const [i, rate] of expected.entries()) expect(rates[i]).toBeCloseTo(rate, 8)
    expect(ratesOf({ epochs: 1, schedule }, [0], 1)).toEqual([0.1])
  })

  it('begins anew with every stage of a run', () => {
    const schedule = { kind: 'COSINE', warmupEpochs: 0 } as const
    const steps = Array.from({ length: 6 }, (_, step) => step)
    const rates = ratesOf({ epochs: 3, schedule }, steps, 1)
    expect(rates.slice(3)).toEqual(rates.slice(0, 3))
  })
})

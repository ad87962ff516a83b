import { describe, expect, it } from 'vitest'
import { resolveRecipe } from '../../contract/recipe.ts'
import { learningRateAt } from '../../workers/engine/optimizers/schedule.ts'
import { applySgd, createVelocities } from '../../workers/engine/optimizers/sgd.ts'
import type { StudentNetwork } from '../../workers/engine/students/student-network.ts'
import { tf } from '../../workers/engine/tensorflow.ts'

describe('SGD', () => {
  const train = (optimizer: { momentum: number; nesterov: boolean; weightDecay: number }, weight: string) => {
    const variable = tf.variable(tf.scalar(1))
    const student = { weights: [{ name: weight, variable, trainable: true }] } as unknown as StudentNetwork
    const velocities = createVelocities(student)
    for (const gradient of [0.5, 0.25]) {
      const gradients = { [variable.name]: tf.scalar(gradient) }
      applySgd(student, gradients, velocities, tf.scalar(0.1), { kind: 'SGD', ...optimizer })
    }
    return variable.dataSync()[0]
  }

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

  it('stays where it is under CONSTANT', () => {
    const recipe = resolveRecipe('quick', { learningRate: 0.3, schedule: { kind: 'CONSTANT' } })
    expect([0, 7, 1000].map((step) => learningRateAt(recipe, step, 5))).toEqual([0.3, 0.3, 0.3])
  })
})

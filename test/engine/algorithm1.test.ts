import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Teaching } from '../../contract/cohort.ts'
import type { Recipe } from '../../contract/recipe.ts'
import { batchNormalization } from '../../workers/engine/architectures/layers/batch-normalization.ts'
import { globalAveragePooling } from '../../workers/engine/architectures/layers/global-average-pooling.ts'
import { reluLayer } from '../../workers/engine/architectures/layers/relu.ts'
import { applySgd, createVelocities } from '../../workers/engine/optimizers/sgd.ts'
import { type StudentNetwork, type Weight, weightsOf } from '../../workers/engine/students/student-network.ts'
import { STEP_METRICS, teachStep, type UpdateStudent } from '../../workers/engine/teaching/teach-step.ts'
import { type SymbolicTensor, type Tensor, tf } from '../../workers/engine/tensorflow.ts'

type Numbers = Record<string, number[]>

interface ReferenceStep {
  pictures: number[]
  labels: number[]
  students: { losses: Numbers; gradients: Numbers; weights: Numbers }[]
}

interface Reference {
  settings: {
    shape: [number, number, number, number]
    filters: number
    classes: number
    learningRate: number
    optimizer: Recipe['optimizer']
  }
  cases: { teaching: Teaching; initial: Numbers[]; steps: ReferenceStep[] }[]
}

// Written by test/references/algorithm1.py, in NumPy and double precision.
const reference: Reference = JSON.parse(
  readFileSync(new URL('../references/algorithm1.json', import.meta.url), 'utf8'),
)
const { settings } = reference

describe('one step of a cohort, against an independent reference in NumPy', () => {
  for (const { teaching, initial, steps } of reference.cases) {
    const { method, updateRule, temperature, weight } = teaching
    const title = `${method} ${updateRule} with ${initial.length} students, temperature ${temperature}, weight ${weight}`
    it(`${title}: every loss, gradient and weight of two steps agrees within 1e-5`, () => {
      const students = initial.map((weights, k) => referenceStudent(`s${k}`, weights))
      const teach = teacher(students, teaching)
      for (const [index, step] of steps.entries()) {
        const taught = teach(step)
        for (const [k, expected] of step.students.entries()) {
          const where = `of step ${index + 1}, student ${k + 1}`
          expectAllClose(taught[k]!.losses, expected.losses, `loss ${where}`)
          expectAllClose(taught[k]!.gradients, expected.gradients, `gradient ${where}`)
          expectAllClose(taught[k]!.weights, expected.weights, `weight ${where}`)
        }
      }
    })
  }
})

/** Takes a step as the engine does, and tells what the reference tells of it. */
function teacher(students: StudentNetwork[], teaching: Teaching) {
  const velocities = new Map(students.map((student) => [student, createVelocities(student)]))
  return ({ pictures, labels }: ReferenceStep) => {
    const gradients = new Map<StudentNetwork, Numbers>()
    const update: UpdateStudent = (student, own) => {
      const trainable = student.weights.filter((weight) => weight.trainable)
      gradients.set(
        student,
        named(trainable, ({ variable }) => own[variable.name]!),
      )
      applySgd(student, own, velocities.get(student)!, tf.scalar(settings.learningRate), settings.optimizer)
    }
    const inputs = [tf.tensor4d(pictures, settings.shape), tf.tensor1d(labels, 'int32')] as const
    const metrics = teachStep(students, teaching, update, ...inputs).arraySync() as number[][]
    return students.map((student, k) => ({
      losses: Object.fromEntries(STEP_METRICS.slice(0, 3).map((name, i) => [name, [metrics[k]![i]!]])),
      gradients: gradients.get(student)!,
      weights: named(student.weights, ({ variable }) => variable),
    }))
  }
}

function named(weights: Weight[], tensorOf: (weight: Weight) => Tensor): Numbers {
  return Object.fromEntries(weights.map((weight) => [weight.name, [...tensorOf(weight).dataSync()]]))
}

/** Relative to the largest number of a tensor, since single ones may be sums that nearly cancel. */
function expectAllClose(actual: Numbers, expected: Numbers, what: string): void {
  expect(Object.keys(actual).sort(), what).toEqual(Object.keys(expected).sort())
  for (const [name, values] of Object.entries(expected)) {
    const scale = Math.max(...values.map(Math.abs))
    const difference = Math.max(...values.map((value, i) => Math.abs(value - actual[name]![i]!)))
    expect(difference / scale, `${name}: ${what}`).toBeLessThan(1e-5)
  }
}

function referenceStudent(name: string, initial: Numbers): StudentNetwork {
  const { shape, filters, classes } = settings
  const input = tf.input({ shape: shape.slice(1) })
  const conv = { name: 'conv', filters, kernelSize: 3, padding: 'same', useBias: false } as const
  let x = tf.layers.conv2d(conv).apply(input) as SymbolicTensor
  x = batchNormalization('bn').apply(x) as SymbolicTensor
  x = reluLayer('relu').apply(x) as SymbolicTensor
  const features = globalAveragePooling('features').apply(x) as SymbolicTensor
  const logits = tf.layers.dense({ name: 'logits', units: classes }).apply(features) as SymbolicTensor
  const model = tf.model({ inputs: input, outputs: [logits, features] })
  const weights = weightsOf(model)
  for (const { name: weight, variable } of weights) {
    const values = initial[weight]
    if (values) variable.assign(tf.tensor(values, variable.shape))
  }
  return { name, architecture: 'reference', model, weights, parameters: 0 }
}

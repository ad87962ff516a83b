import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Teaching } from '../../contract/cohort.ts'
import type { Recipe } from '../../contract/recipe.ts'
import { batchNormalization } from '../../workers/engine/architectures/layers/batch-normalization.ts'
import { globalAveragePooling } from '../../workers/engine/architectures/layers/global-average-pooling.ts'
import { reluLayer } from '../../workers/engine/architectures/layers/relu.ts'
import { applySgd, createVelocities } from '../../workers/engine/optimizers/sgd.ts'
import { type StudentNetwork, weightsOf } from '../../workers/engine/students/student-network.ts'
import { STEP_METRICS, teachStep } from '../../workers/engine/teaching/teach-step.ts'
import { type SymbolicTensor, tf } from '../../workers/engine/tensorflow.ts'

type Numbers = Record<string, number[]>

interface Reference {
  settings: {
    shape: [number, number, number, number]
    filters: number
    classes: number
    learningRate: number
    optimizer: Recipe['optimizer']
  }
  cases: {
    teaching: Teaching
    initial: Numbers[]
    steps: {
      pictures: number[]
      labels: number[]
      students: { losses: Record<string, number>; gradients: Numbers; weights: Numbers }[]
    }[]
  }[]
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
      const velocities = new Map(students.map((student) => [student, createVelocities(student)]))
      for (const [index, step] of steps.entries()) {
        const gradients = new Map<StudentNetwork, Numbers>()
        const metrics = tf.tidy(() =>
          teachStep(
            students,
            teaching,
            (student, own) => {
              const named = student.weights.filter(({ trainable }) => trainable)
              gradients.set(
                student,
                Object.fromEntries(
                  named.map(({ name, variable }) => [name, [...own[variable.name]!.dataSync()]]),
                ),
              )
              applySgd(
                student,
                own,
                velocities.get(student)!,
                tf.scalar(settings.learningRate),
                settings.optimizer,
              )
            },
            tf.tensor4d(step.pictures, settings.shape),
            tf.tensor1d(step.labels, 'int32'),
          ).arraySync(),
        ) as number[][]
        for (const [k, expected] of step.students.entries()) {
          const where = `step ${index + 1}, student ${k + 1}`
          const losses = Object.entries(expected.losses)
          for (const [name, value] of losses) {
            const own = metrics[k]![STEP_METRICS.indexOf(name as (typeof STEP_METRICS)[number])]!
            expectClose([own], [value], `${name}, ${where}`)
          }
          for (const [name, value] of Object.entries(expected.gradients)) {
            expectClose(gradients.get(students[k]!)![name]!, value, `gradient of ${name}, ${where}`)
          }
          for (const { name, variable } of students[k]!.weights) {
            expectClose([...variable.dataSync()], expected.weights[name]!, `${name}, ${where}`)
          }
        }
      }
    })
  }
})

/** Relative to the largest number of the tensor, since single ones may be sums that nearly cancel. */
function expectClose(actual: number[], expected: number[], what: string): void {
  expect(actual.length, what).toBe(expected.length)
  const scale = Math.max(...expected.map(Math.abs))
  const difference = Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)))
  expect(difference / scale, what).toBeLessThan(1e-5)
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

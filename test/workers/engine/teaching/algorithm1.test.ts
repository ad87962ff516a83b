import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Teaching } from '../../../../contract/cohort.ts'
import type { Recipe } from '../../../../contract/recipes/recipe.ts'
import { batchNormalization } from '../../../../workers/engine/architectures/layers/batch-normalization.ts'
import { globalAveragePooling } from '../../../../workers/engine/architectures/layers/global-average-pooling.ts'
import { reluLayer } from '../../../../workers/engine/architectures/layers/relu.ts'
import { mix } from '../../../../workers/engine/batches/mixing.ts'
import {
  createStudentOptimizer,
  optimizerScalarsAt,
} from '../../../../workers/engine/optimizers/student-optimizer.ts'
import {
  averagingShareAt,
  createWeightAverage,
} from '../../../../workers/engine/optimizers/weight-average.ts'
import {
  type StudentNetwork,
  type Weight,
  weightsOf,
} from '../../../../workers/engine/students/student-network.ts'
import { stagesOf } from '../../../../workers/engine/teaching/stages.ts'
import { STEP_METRICS, teachStep } from '../../../../workers/engine/teaching/teach-step.ts'
import { type SymbolicTensor, type Tensor, tf } from '../../../../workers/engine/tensorflow.ts'

type Numbers = Record<string, number[]>

interface ReferenceStep {
  pictures: number[]
  labels: number[]
  partners: number[] | null
  mixedWith?: number[]
  mixedRows?: number[]
  mixedColumns?: number[]
  otherShare?: number
  labelWeights?: number[]
  teachingShare?: number
  learningRate: number
  learners: { losses: Numbers; gradients: Numbers; state: Numbers }[]
}

interface ReferenceCase {
  teaching: Teaching
  recipe: Pick<Recipe, 'optimizer' | 'clipNorm' | 'labelSmoothing' | 'averageDecay'>
  initial: Numbers[]
  steps: ReferenceStep[]
}

interface Reference {
  settings: { shape: [number, number, number, number]; filters: number; classes: number }
  cases: ReferenceCase[]
}

// Written by test/references/algorithm1.py, in NumPy and double precision.
const reference: Reference = JSON.parse(
  readFileSync(new URL('../../../references/algorithm1.json', import.meta.url), 'utf8'),
)
const { settings } = reference

describe('two steps of a cohort, against an independent reference in NumPy', () => {
  it.each(reference.cases.map((one) => [titleOf(one), one] as const))('%s', (_, one) => {
    const teach = teacher(one)
    for (const [index, step] of one.steps.entries()) {
      const taught = teach(step, index + 1)
      expect(taught).toHaveLength(step.learners.length)
      for (const [k, expected] of step.learners.entries()) {
        const where = `of step ${index + 1}, learner ${k + 1}`
        expectAllClose(taught[k]!.losses, expected.losses, `loss ${where}`)
        expectAllClose(taught[k]!.gradients, expected.gradients, `gradient ${where}`)
        expectAllClose(taught[k]!.state, expected.state, `state ${where}`)
      }
    }
  })
})

function titleOf({ teaching, recipe, initial, steps }: ReferenceCase): string {
  const { method, updateRule, partnerRule, temperature, weight, divergence, featureWeight } = teaching
  const { optimizer, clipNorm, labelSmoothing, averageDecay } = recipe
  const { mixedWith, labelWeights, labels } = steps[0]!
  const recipeExtras = { clipNorm, labelSmoothing, averageDecay }
  const extras = JSON.stringify({ ...recipeExtras, mixedWith, labelWeights, labels: labels.length })
  const { targetClassWeight: _, otherClassesWeight: __, ...added } = additionsOf(teaching)
  return `${initial.length} students, ${method} ${updateRule} ${partnerRule}, temperature ${temperature}, weight ${weight}, ${divergence}, features ${featureWeight}, ${JSON.stringify(added)}, ${optimizer.kind} ${extras}`
}

function additionsOf(teaching: Teaching) {
  const { method, updateRule, partnerRule, temperature, weight, divergence, featureWeight, ...added } =
    teaching
  return added
}

/** Takes a step as the engine does, and tells what the reference tells of it. */
function teacher({ teaching, recipe, initial }: ReferenceCase) {
  const cohort = initial.map((weights, k) => referenceStudent(`s${k}`, weights))
  const stage = stagesOf(Teaching.parse(teaching), cohort).at(-1)!
  const learners = stage.learners.map((index) => {
    const student = cohort[index]!
    const optimizer = createStudentOptimizer(student, recipe)
    const average = createWeightAverage(student, referenceStudent(student.name, initial[index]!))
    const peer = createWeightAverage(student, referenceStudent(student.name, initial[index]!), 'peer_average')
    return { student, optimizer, average, peer, gradients: {} as Numbers }
  })
  const { peerAverageDecay } = teaching
  const update = (
    student: StudentNetwork,
    own: Record<string, Tensor>,
    scalars: Tensor,
    learns: Tensor | undefined,
  ) => {
    const learner = learners.find((other) => other.student === student)!
    const trainable = student.weights.filter((weight) => weight.trainable)
    learner.gradients = named(trainable, ({ variable }) => own[variable.name]!)
    learner.optimizer.update(own, scalars, undefined, learns)
  }
  return (step: ReferenceStep, t: number) => {
    const { labels, partners, learningRate, labelWeights, teachingShare } = step
    const scalars = tf.tensor1d(optimizerScalarsAt(recipe, learningRate, t))
    const classroom = {
      learners: learners.map(({ student }) => student),
      teacher: stage.teacher === null ? undefined : cohort[stage.teacher],
      teaching: stage.teaching,
      labelSmoothing: recipe.labelSmoothing,
      update: (student: StudentNetwork, own: Record<string, Tensor>, learns: Tensor | undefined) =>
        update(student, own, scalars, learns),
      ...(peerAverageDecay !== null && {
        averageOf: (student: StudentNetwork) =>
          learners.find((other) => other.student === student)!.peer.network,
      }),
    }
    const metrics = teachStep(classroom, {
      ...mixedPictures(step),
      labels: tf.tensor1d(labels, 'int32'),
      ...(labelWeights && { labelWeights: tf.tensor1d(labelWeights) }),
      ...(teachingShare !== undefined && { teachingShare: tf.scalar(teachingShare) }),
      ...(partners && { partners: tf.tensor1d(partners, 'int32') }),
    }).arraySync() as number[][]
    return learners.map(({ student, optimizer, average, peer, gradients }, k) => {
      const variables = [...optimizer.variables]
      if (recipe.averageDecay !== null) {
        average.follow(tf.scalar(averagingShareAt(recipe.averageDecay, t)))
        variables.push(...average.variables)
      }
      if (peerAverageDecay !== null) {
        peer.follow(tf.scalar(averagingShareAt(peerAverageDecay, t)))
        variables.push(...peer.variables)
      }
      const rest = variables.map(({ name, variable }) => [
        name.slice(student.name.length + 1),
        [...variable.dataSync()],
      ])
      return {
        losses: Object.fromEntries(STEP_METRICS.slice(0, 3).map((name, i) => [name, [metrics[k]![i]!]])),
        gradients,
        state: {
          ...named(student.weights, ({ variable }) => variable),
          ...Object.fromEntries(rest),
        } as Numbers,
      }
    })
  }
}

/** As the engine mixes them, where the step says so. */
function mixedPictures(step: ReferenceStep) {
  const pictures: Tensor = tf.tensor4d(step.pictures, settings.shape)
  if (!step.mixedWith) return { pictures }
  const inputs = {
    mixedWith: tf.tensor1d(step.mixedWith, 'int32'),
    mixedRows: tf.tensor1d(step.mixedRows!),
    mixedColumns: tf.tensor1d(step.mixedColumns!),
  }
  const { mixedWith } = inputs
  return { pictures: mix(pictures, inputs), mixedWith, otherShare: tf.scalar(step.otherShare!) }
}

function named(weights: Weight[], tensorOf: (weight: Weight) => Tensor): Numbers {
  return Object.fromEntries(weights.map((weight) => [weight.name, [...tensorOf(weight).dataSync()]]))
}

/** Relative to the largest number of a tensor, since single ones may be sums that nearly cancel. */
function expectAllClose(actual: Numbers, expected: Numbers, what: string): void {
  expect(Object.keys(actual).sort(), what).toEqual(Object.keys(expected).sort())
  for (const [name, values] of Object.entries(expected)) {
    const scale = Math.max(...values.map(Math.abs)) || 1
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

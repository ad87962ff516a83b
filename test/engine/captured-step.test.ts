import { describe, expect, it } from 'vitest'
import type { TrainingOrder } from '../../contract/training.ts'
import { PackedSplit } from '../../workers/engine/batches/packed-split.ts'
import { type TrainingBatch, trainingBatches } from '../../workers/engine/batches/training-batches.ts'
import { buildStep, captureCohort } from '../../workers/engine/cohort-program.ts'
import { buildStudent } from '../../workers/engine/students/student-network.ts'
import { backend, type Tensor, tf } from '../../workers/engine/tensorflow.ts'
import { smallOrder } from './small-run.ts'

const students = { ada: 'resnet-8', ben: 'resnet-14' }
const order = smallOrder({ students, recipe: { epochs: 3, batchSize: 7 } })
const batches = await drawBatches(order)
const LEARNING_RATE = 0.05

async function drawBatches({ dataset, blobPaths, recipe, seed }: TrainingOrder): Promise<TrainingBatch[]> {
  const split = PackedSplit.open(dataset, 'train', blobPaths)
  const result: TrainingBatch[] = []
  for await (const batch of trainingBatches(split, dataset, recipe, seed)) result.push(batch)
  split.close()
  return result
}

function capture({ cohort, recipe, dataset, seed }: TrainingOrder) {
  const networks = cohort.students.map((student) =>
    buildStudent(student, dataset, dataset.classes.length, seed),
  )
  return captureCohort({ students: networks, teaching: cohort.teaching, recipe, dataset })
}

/** Steps without a captured graph: TF.js runs every operation by itself. */
function teachEagerly({ cohort, recipe, dataset, seed }: TrainingOrder, steps: number) {
  const networks = cohort.students.map((student) =>
    buildStudent(student, dataset, dataset.classes.length, seed),
  )
  const step = buildStep({ students: networks, teaching: cohort.teaching, recipe, dataset })
  const metrics = batches.slice(0, steps).map((batch) =>
    tf.tidy(() => {
      const inputs: Record<string, Tensor> = {
        pictures: bytes(batch.pictures, [...step.signature.pictures.shape]),
        rows: tf.tensor(batch.rows, [...step.signature.rows.shape], 'int32'),
        columns: tf.tensor(batch.columns, [...step.signature.columns.shape], 'int32'),
        labels: tf.tensor1d(batch.labels, 'int32'),
        learningRate: tf.scalar(LEARNING_RATE),
      }
      return step.run(inputs).metrics.dataSync()
    }),
  )
  return { metrics, state: new Map(step.variables.map(({ name, variable }) => [name, variable.dataSync()])) }
}

function bytes(values: Uint8Array, shape: number[]): Tensor {
  const { binding } = backend
  const id = binding.createTensor(shape, binding.TF_UINT8, values)
  return backend.createOutputTensor({ id, shape, dtype: binding.TF_UINT8 })
}

function largestDifference(
  a: ReadonlyMap<string, ArrayLike<number>>,
  b: ReadonlyMap<string, ArrayLike<number>>,
): number {
  expect([...a.keys()]).toEqual([...b.keys()])
  return Math.max(...[...a].map(([name, values]) => difference(values, b.get(name)!)))
}

function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0)
}

describe('the captured step', () => {
  for (const updateRule of ['SEQUENTIAL', 'SIMULTANEOUS'] as const) {
    for (const method of ['MUTUAL', 'ENSEMBLE_TEACHER', 'INDEPENDENT'] as const) {
      it(`equals the eager step under ${method} ${updateRule}, to the bit`, () => {
        const own = {
          ...order,
          cohort: { ...order.cohort, teaching: { ...order.cohort.teaching, method, updateRule } },
        }
        const eager = teachEagerly(own, 2)
        const program = capture(own)
        const metrics = batches.slice(0, 2).map((batch) => program.teach(batch, LEARNING_RATE))
        expect(metrics.map((values, i) => difference(values, eager.metrics[i]!))).toEqual([0, 0])
        expect(largestDifference(program.readState(), eager.state)).toBe(0)
        program.close()
      })
    }
  }

  it('takes the learning rate as an input: at 0 no weight moves', () => {
    const program = capture(order)
    const before = program.readState()
    program.teach(batches[0]!, 0)
    const after = program.readState()
    const moved = [...after]
      .filter(([name, values]) => difference(values, before.get(name)!) > 0)
      .map(([name]) => name)
    expect(moved.length).toBeGreaterThan(0)
    expect(moved.filter((name) => !/velocity|moving_/.test(name))).toEqual([])
    program.close()
  })

  it('goes on from a state that was read and written back, to the bit', () => {
    const program = capture(order)
    program.teach(batches[0]!, LEARNING_RATE)
    const state = program.readState()
    const first = program.teach(batches[1]!, LEARNING_RATE)
    program.writeState(state)
    expect(program.teach(batches[1]!, LEARNING_RATE)).toEqual(first)
    program.close()
  })

  it('keeps the number of live tensors the same, step after step', () => {
    const program = capture(order)
    program.teach(batches[0]!, LEARNING_RATE)
    program.predict(new Uint8Array(128 * 12 * 12 * 3))
    const count = () => [tf.memory().numTensors, backend.getNumOfTFTensors()]
    const before = count()
    for (const batch of batches) program.teach(batch, LEARNING_RATE)
    program.predict(new Uint8Array(128 * 12 * 12 * 3))
    expect(count()).toEqual(before)
    program.close()
  })

  it('gives every tensor back when it is closed', () => {
    const count = () => [tf.memory().numTensors, backend.getNumOfTFTensors(), backend.getNumOfSavedModels()]
    const before = count()
    capture(order).close()
    expect(count()).toEqual(before)
  })
})

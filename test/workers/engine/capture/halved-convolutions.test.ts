import { describe, expect, it, vi } from 'vitest'
import { PackedSplit } from '../../../../workers/engine/batches/packed-split.ts'
import { trainingBatches } from '../../../../workers/engine/batches/training-batches.ts'
import { GraphRecorder } from '../../../../workers/engine/capture/recorder.ts'
import { Session } from '../../../../workers/engine/capture/session.ts'
import { buildSteps } from '../../../../workers/engine/cohort-program.ts'
import { backend, protobuf, type Tensor, tf } from '../../../../workers/engine/tensorflow.ts'
import { buildNetworks } from '../architectures/build-networks.ts'
import { smallOrder } from '../small-run.ts'
import { storeSyntheticDataset } from '../synthetic-dataset.ts'

vi.setConfig({ testTimeout: 120_000 })

const stored = storeSyntheticDataset({ size: 8 })
const LEARNING_RATE = 0.05

function build(updateRule: 'SEQUENTIAL' | 'SIMULTANEOUS') {
  const students = { ada: 'resnet-8', ben: 'resnet-8', cleo: 'resnet-8' }
  const order = smallOrder({
    students,
    stored,
    teaching: { updateRule },
    recipe: { epochs: 1, batchSize: 8, schedule: { kind: 'CONSTANT' } },
  })
  const steps = buildSteps({ ...order, students: buildNetworks(order), teaching: order.cohort.teaching })
  return { ...order, ...steps, step: steps.steps[0]! }
}

function record({ variables, step }: ReturnType<typeof build>): GraphRecorder {
  const recorder = new GraphRecorder(variables)
  recorder.record(step.name, step.signature, step.run)
  return recorder
}

/** How often each operation stands in the graph. */
function countOperations(recorder: GraphRecorder): Record<string, number> {
  const model = protobuf.SavedModel.deserializeBinary(recorder.graph.serialize())
  const counts: Record<string, number> = {}
  for (const node of model.getMetaGraphsList()[0].getGraphDef().getNodeList())
    counts[node.getOp()] = (counts[node.getOp()] ?? 0) + 1
  return counts
}

describe('convolutions of predictions that nobody differentiates', () => {
  it('are cut into halves of the batch, under SEQUENTIAL those of every student but the last', () => {
    const simultaneous = countOperations(record(build('SIMULTANEOUS')))
    const sequential = countOperations(record(build('SEQUENTIAL')))
    const perStudent = simultaneous.Conv2D! / 3
    expect(simultaneous.Split).toBeUndefined()
    // The first convolution reads the images, which the gradient of its kernel reads too: it is left whole.
    const halved = 2 * (perStudent - 1)
    expect(sequential.Split).toBe(halved)
    expect(sequential.Conv2D).toBe(5 * perStudent + halved)
  })

  it('give the same step to the bit', async () => {
    const captured = build('SEQUENTIAL')
    const session = Session.open(record(captured))
    captured.dispose()
    const eager = build('SEQUENTIAL')
    const { dataset, blobPaths, recipe, seed } = eager
    const split = PackedSplit.open(dataset, 'train', blobPaths)
    for await (const batch of trainingBatches(split, dataset, recipe, seed)) {
      const values = eager.step.inputsOf(batch, LEARNING_RATE)
      session.run(eager.step.name, values)
      tf.tidy(() => {
        const inputs = Object.entries(eager.step.signature).map(([name, { dtype, shape }]) => {
          const type = { uint8: 4, int32: 3, float32: 1 }[dtype]
          const id = backend.binding.createTensor([...shape], type, values[name] as Float32Array)
          return [name, backend.createOutputTensor({ id, shape: [...shape], dtype: type })] as [
            string,
            Tensor,
          ]
        })
        eager.step.run(Object.fromEntries(inputs))
      })
    }
    split.close()
    const state = session.readVariables()
    for (const { name, variable } of eager.variables) expect(state.get(name)).toEqual(variable.dataSync())
    session.close()
    eager.dispose()
  })
})

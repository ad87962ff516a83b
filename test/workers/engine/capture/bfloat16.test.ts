import { describe, expect, it, vi } from 'vitest'
import { PackedSplit } from '../../../../workers/engine/batches/packed-split.ts'
import { type TrainingBatch, trainingBatches } from '../../../../workers/engine/batches/training-batches.ts'
import { Bfloat16Pass, type RecordedCall } from '../../../../workers/engine/capture/bfloat16.ts'
import type { Precision } from '../../../../workers/engine/capture/recorder.ts'
import { GraphRecorder } from '../../../../workers/engine/capture/recorder.ts'
import { buildSteps, captureCohort } from '../../../../workers/engine/cohort-program.ts'
import { STEP_METRICS } from '../../../../workers/engine/teaching/teach-step.ts'
import { attribute, DATA_TYPE, protobuf } from '../../../../workers/engine/tensorflow.ts'
import { buildNetworks } from '../architectures/build-networks.ts'
import { smallOrder } from '../small-run.ts'
import { storeSyntheticDataset } from '../synthetic-dataset.ts'

vi.setConfig({ testTimeout: 120_000 })

const stored = storeSyntheticDataset({ size: 8 })
const STEPS = 20
const RESNETS = { ada: 'resnet-8', ben: 'resnet-8' }

function orderIn(precision: Precision, students: Record<string, string>) {
  const schedule = { kind: 'CONSTANT' } as const
  return smallOrder({ students, stored, recipe: { epochs: STEPS, batchSize: 16, schedule, precision } })
}

const { dataset, blobPaths, recipe, seed } = orderIn('FLOAT32', RESNETS)
const batches = await drawBatches()

async function drawBatches(): Promise<TrainingBatch[]> {
  const split = PackedSplit.open(dataset, 'train', blobPaths)
  const result: TrainingBatch[] = []
  for await (const batch of trainingBatches(split, dataset, recipe, seed))
    if (result.push(batch) === STEPS) break
  split.close()
  return result
}

/** The losses of every step, [steps][students], and the state after the last. */
function teach(precision: Precision, students: Record<string, string>, steps = STEPS) {
  const order = orderIn(precision, students)
  const program = captureCohort({ ...order, students: buildNetworks(order), teaching: order.cohort.teaching })
  const losses = batches
    .slice(0, steps)
    .map((batch) =>
      [...program.teach([{ batch, learningRate: 0.02 }])].filter((_, i) => i % STEP_METRICS.length === 0),
    )
  const state = program.readState()
  program.close()
  return { losses, state }
}

interface GraphNode {
  name: string
  operation: string
  inputs: string[]
  /** TensorFlow's number of the type under each attribute that is one. */
  types: Record<string, number>
}

/** The step as TensorFlow gets it. */
function recordStep(precision: Precision, students: Record<string, string> = RESNETS): GraphNode[] {
  const order = orderIn(precision, students)
  const networks = buildNetworks(order)
  const { variables, steps, dispose } = buildSteps({
    ...order,
    students: networks,
    teaching: order.cohort.teaching,
  })
  const recorder = new GraphRecorder(variables)
  for (const { name, signature, run } of steps) recorder.record(name, signature, run, precision)
  dispose()
  const model = protobuf.SavedModel.deserializeBinary(recorder.graph.serialize())
  return (
    model
      .getMetaGraphsList()[0]
      .getGraphDef()
      .getNodeList()
      // biome-ignore lint/suspicious/noExplicitAny: generated JavaScript without declarations
      .map((node: any) => {
        const types: Record<string, number> = {}
        // biome-ignore lint/suspicious/noExplicitAny: generated JavaScript without declarations
        node.getAttrMap().forEach((value: any, key: string) => {
          if (value.getType()) types[key] = value.getType()
        })
        return { name: node.getName(), operation: node.getOp(), inputs: node.getInputList(), types }
      })
  )
}

const FEATURE_MAP_OPERATIONS =
  /^Conv2D|^DepthwiseConv2dNative(BackpropInput)?$|^FusedBatchNorm|^Relu(Grad)?$|^MaxPool(Grad)?$/

describe('a step in bfloat16', () => {
  it('teaches to the same bits every time', () => {
    // Its last feature maps have one pixel.
    const students = { ada: 'resnet-8', ben: 'mobilenet-0.25' }
    const [first, second] = [teach('BFLOAT16', students, 5), teach('BFLOAT16', students, 5)]
    expect(second.losses).toEqual(first.losses)
    expect(second.state).toEqual(first.state)
  })

  it('stays close to float32: each of 20 losses within 5 % of the first, yet not the same', () => {
    const [exact, low] = [teach('FLOAT32', RESNETS), teach('BFLOAT16', RESNETS)]
    const differences = exact.losses.flatMap((step, s) =>
      step.map((loss, k) => Math.abs(loss - low.losses[s]![k]!) / exact.losses[0]![k]!),
    )
    expect(Math.max(...differences)).toBeLessThan(0.05)
    expect(Math.max(...differences)).toBeGreaterThan(0)
  })

  it('gives and takes bfloat16 in convolutions, batch normalisation, ReLU, pooling and their gradients', () => {
    const nodes = recordStep('BFLOAT16', { ada: 'resnet-8', ben: 'mobilenet-0.25', cleo: 'inception-v1' })
    const maps = nodes.filter(({ operation }) => FEATURE_MAP_OPERATIONS.test(operation))
    expect(new Set(maps.map(({ operation }) => operation))).toEqual(
      new Set([
        ...['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'],
        ...['DepthwiseConv2dNative', 'DepthwiseConv2dNativeBackpropInput'],
        ...['FusedBatchNormV3', 'FusedBatchNormGradV3', 'Relu', 'ReluGrad', 'MaxPool', 'MaxPoolGrad'],
      ]),
    )
    expect(maps.filter(({ types }) => types.T !== DATA_TYPE.bfloat16)).toEqual([])
    const statistics = maps.filter(({ operation }) => operation.startsWith('FusedBatchNorm'))
    expect(statistics.filter(({ types }) => types.U !== DATA_TYPE.float32)).toEqual([])
  })

  it('keeps losses, posteriors, the optimizer and the weights in float32', () => {
    const nodes = recordStep('BFLOAT16')
    const operationOf = new Map(nodes.map(({ name, operation }) => [name, operation]))
    const lowered = nodes.filter(
      ({ operation, types }) => types.T === DATA_TYPE.bfloat16 && !FEATURE_MAP_OPERATIONS.test(operation),
    )
    // Beside the feature maps' own, only what moves and adds them.
    expect(new Set(lowered.map(({ operation }) => operation))).toEqual(
      new Set(['Add', 'Reshape', 'Split', 'ConcatV2']),
    )
    const added = lowered
      .filter(({ operation }) => operation === 'Add')
      .flatMap(({ inputs }) => inputs.map((input) => operationOf.get(input.split(':')[0]!)!))
    // Never a loss, a weight or the gradient of a kernel.
    const maps = /^(Add|Reshape|Relu|ReluGrad|FusedBatchNorm\w+|Conv2DBackpropInput)$/
    expect(added.filter((operation) => !maps.test(operation))).toEqual([])
    const variables = nodes.filter(({ operation }) => /VariableOp$|VarHandleOp/.test(operation))
    expect(new Set(variables.map(({ types }) => types.dtype))).toEqual(new Set([DATA_TYPE.float32]))
  })

  it('is made only where the recipe asks for it', () => {
    const types = recordStep('FLOAT32').flatMap((node) => Object.values(node.types))
    expect(types).not.toContain(DATA_TYPE.bfloat16)
  })
})

describe('the bfloat16 pass', () => {
  const passOver = (...calls: RecordedCall[]) => {
    const written: RecordedCall[] = []
    const pass = new Bfloat16Pass((call) => `node${written.push(call) - 1}`)
    const outputs = calls.map((call) => pass.record(call, 1)[0])
    return { outputs, written: written.map(({ operation, inputs }) => `${operation}(${inputs})`) }
  }
  const call = (rank: number, operation: string, ...inputs: string[]) => ({
    operation,
    inputs,
    shape: new Array<number>(rank).fill(2),
    attributes: [attribute.type('T', DATA_TYPE.float32)],
  })

  it('gives a convolution’s kernel gradient to the optimizer in float32', () => {
    const { outputs, written } = passOver(call(4, 'Conv2DBackpropFilter', 'x:0', 'sizes:0', 'dy:0'))
    expect(written).toEqual([
      'Cast(x:0)',
      'Cast(dy:0)',
      'Conv2DBackpropFilter(node0:0,sizes:0,node1:0)',
      'Cast(node2:0)',
    ])
    expect(outputs).toEqual(['node3:0'])
  })

  it('adds in float32 where one side is float32, and where it is no feature map', () => {
    const relu = call(4, 'Relu', 'x:0')
    const { written } = passOver(
      relu,
      call(4, 'Add', 'node1:0', 'weights:0'),
      call(2, 'Add', 'node1:0', 'node1:0'),
    )
    expect(written.slice(2)).toEqual([
      'Cast(node1:0)',
      'Add(node2:0,weights:0)',
      'Cast(node1:0)',
      'Cast(node1:0)',
      'Add(node4:0,node5:0)',
    ])
  })
})

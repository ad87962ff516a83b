import { expect, it, vi } from 'vitest'
import { Teaching } from '../../../../contract/cohort.ts'
import { outline } from '../../../../workers/engine/capture/outlines.ts'
import { buildStudent } from '../../../../workers/engine/students/student-network.ts'
import { teachStep } from '../../../../workers/engine/teaching/teach-step.ts'
import {
  backend,
  nativeBinding,
  type TensorMetadata,
  type TFEOpAttr,
  tensorIdOf,
  tf,
  type Variable,
} from '../../../../workers/engine/tensorflow.ts'

vi.setConfig({ testTimeout: 60_000 })

/** Carries every operation out, and tells of those that have an outline: the shapes that TensorFlow gave and the outline's. */
function compareShapes(
  variables: Variable[],
  run: () => void,
): { operation: string; real: number[][]; outlined: number[][] }[] {
  const shapes = new Map(variables.map((variable) => [tensorIdOf(variable), variable.shape]))
  const numbers = new Map<number, number[]>()
  const compared: ReturnType<typeof compareShapes> = []
  const createTensor = (shape: number[], dtype: number, values: Int32Array) => {
    const id = nativeBinding.createTensor(shape, dtype, values)
    shapes.set(id, shape)
    numbers.set(id, [...values.subarray(0, 8)])
    return id
  }
  const executeOp = (operation: string, attributes: TFEOpAttr[], ids: number[], count: number) => {
    const real = nativeBinding.executeOp(operation, attributes, ids, count)
    const call = {
      attributes,
      shapes: ids.map((id) => shapes.get(id)!),
      numbersOf: (input: number) => numbers.get(ids[input]!),
    }
    const outlined = outline(operation, call, count)
    if (outlined) compared.push({ operation, real: shapesOf(real), outlined: shapesOf(outlined) })
    for (const { id } of outlined ?? []) nativeBinding.deleteTensor(id)
    for (const { id, shape } of real) shapes.set(id, shape)
    return real
  }
  backend.binding = Object.create(nativeBinding, {
    createTensor: { value: createTensor },
    executeOp: { value: executeOp },
  })
  try {
    run()
  } finally {
    backend.binding = nativeBinding
  }
  return compared
}

function shapesOf(tensors: TensorMetadata[]): number[][] {
  return tensors.map(({ shape }) => shape)
}

it.each([
  ['resnet-8', 29],
  ['resnet-8', 75],
  ['wrn-10-1', 29],
  ['mobilenet-0.25', 31],
  ['mobilenet-0.25', 67],
  ['mobilenet-v2-0.25', 33],
  ['inception-v1', 28],
  ['convnet-0.25', 65],
])('is as large as what TensorFlow computes: %s at %i pixels', (architecture, size) => {
  const shape = { height: size, width: size + 1, channels: 3 }
  const student = buildStudent({ name: 'ada', architecture }, shape, 5, 1)
  const variables = student.weights.map(({ variable }) => variable)
  const compared = compareShapes(variables, () =>
    tf.tidy(() => {
      const pictures = tf.zeros([2, shape.height, shape.width, 3])
      const labels = tf.tensor1d([0, 1], 'int32')
      const classroom = {
        learners: [student],
        teaching: Teaching.parse({ method: 'INDEPENDENT' }),
        labelSmoothing: 0,
        update: () => {},
      }
      teachStep(classroom, { pictures, labels })
    }),
  )
  const wrong = compared.filter(({ operation, real, outlined }) => {
    // What only the gradient reads has another shape: nobody sees it.
    const told = operation === 'FusedBatchNormV3' ? 3 : operation === 'FusedBatchNormGradV3' ? 3 : real.length
    return JSON.stringify(real.slice(0, told)) !== JSON.stringify(outlined.slice(0, told))
  })
  expect(wrong).toEqual([])
  const operations = new Set(compared.map(({ operation }) => operation))
  expect([...operations]).toEqual(
    expect.arrayContaining(['Conv2D', 'Conv2DBackpropFilter', 'FusedBatchNormGradV3']),
  )
})

it('leaves alone what it does not know, and what is no float32', () => {
  const call = { attributes: [], shapes: [[2]], numbersOf: () => undefined }
  expect(outline('Relu', call, 1)).toBeUndefined()
  const float = { name: 'T', type: nativeBinding.TF_ATTR_TYPE, value: 1 }
  expect(outline('Softmax', { ...call, attributes: [float] }, 1)).toBeUndefined()
  const [tensor] = outline('Relu', { ...call, attributes: [float] }, 1)!
  expect(tensor?.shape).toEqual([2])
  nativeBinding.deleteTensor(tensor!.id)
})

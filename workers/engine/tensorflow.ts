/** The one place that loads TensorFlow; everything else in the engine takes it from here. */
import { createRequire } from 'node:module'
import type { Tensor } from '@tensorflow/tfjs-node-gpu'
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js'
import type { TensorMetadata, TFEOpAttr, TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js'

export type { LayersModel, SymbolicTensor, Tensor, Tensor4D, Variable } from '@tensorflow/tfjs-node-gpu'
export type { TensorMetadata, TFEOpAttr, TFJSBinding }

const require = createRequire(import.meta.url)

// Node 24 dropped this function, which tfjs-node still calls.
const util = require('node:util') as { isNullOrUndefined?: (value: unknown) => boolean }
util.isNullOrUndefined ??= (value) => value === null || value === undefined

// Where they are on, Node would read the source maps of all its packages, too: a tenth of a second at every start.
const { sourceMapsEnabled = false } = process as { sourceMapsEnabled?: boolean }
process.setSourceMapsEnabled(false)
export const tf = require('@tensorflow/tfjs-node-gpu') as typeof import('@tensorflow/tfjs-node-gpu')
process.setSourceMapsEnabled(sourceMapsEnabled)

/** The classes that tfjs-node itself uses to read a SavedModel; they are generated and have no types. */
// biome-ignore lint/suspicious/noExplicitAny: generated JavaScript without declarations
export const protobuf: any = require('@tensorflow/tfjs-node-gpu/dist/proto/api_pb.js')

/** What the engine needs of the backend beyond its published types. */
interface Backend
  extends Omit<NodeJSKernelBackend, 'tensorMap' | 'createOutputTensor' | 'getInputTensorIds'> {
  binding: TFJSBinding
  createOutputTensor(metadata: TensorMetadata): Tensor
  getInputTensorIds(tensors: Tensor[]): number[]
}

export const backend = tf.backend() as unknown as Backend

/** The binding itself, whatever stands in for it while a step is recorded. */
export const nativeBinding = backend.binding

/** TensorFlow's own number of a data type (types.proto). */
export const DATA_TYPE = { float32: 1, int32: 3, uint8: 4, bool: 10, bfloat16: 14 } as const
export type InputType = 'float32' | 'int32' | 'uint8'

/** The id under which the binding knows a tensor; its values are handed over first where that is still due. */
export function tensorIdOf(tensor: Tensor): number {
  return backend.getInputTensorIds([tensor])[0] as number
}

/** Runs one TensorFlow operation by its own name, where TF.js has no function for it. */
export function runOperation(name: string, attributes: TFEOpAttr[], inputs: Tensor[], outputs = 1): Tensor[] {
  return backend.executeMultipleOutputs(name, attributes, inputs, outputs)
}

export const attribute = {
  type: (name: string, value: number): TFEOpAttr => ({ name, type: nativeBinding.TF_ATTR_TYPE, value }),
  float: (name: string, value: number): TFEOpAttr => ({ name, type: nativeBinding.TF_ATTR_FLOAT, value }),
  bool: (name: string, value: boolean): TFEOpAttr => ({ name, type: nativeBinding.TF_ATTR_BOOL, value }),
  string: (name: string, value: string): TFEOpAttr => ({ name, type: nativeBinding.TF_ATTR_STRING, value }),
}

/** float32 of images that were handed over as bytes, which TF.js itself has no type for. */
export function castBytesToFloat(bytes: Tensor): Tensor {
  const attributes = [
    attribute.type('SrcT', DATA_TYPE.uint8),
    attribute.type('DstT', DATA_TYPE.float32),
    attribute.bool('Truncate', false),
  ]
  return runOperation('Cast', attributes, [bytes])[0] as Tensor
}

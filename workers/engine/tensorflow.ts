/** The only module that loads TensorFlow; the rest of the engine imports it from here. */
import { createRequire } from 'node:module'
import type { Tensor } from '@tensorflow/tfjs-node-gpu'
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js'
import type { TensorMetadata, TFEOpAttr, TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js'

export type {
  LayersModel,
  SymbolicTensor,
  Tensor,
  Tensor2D,
  Tensor4D,
  Variable,
} from '@tensorflow/tfjs-node-gpu'
export type { TensorMetadata, TFEOpAttr, TFJSBinding }

const require = createRequire(import.meta.url)

// tfjs-node still calls these: Node 24 has dropped the first, and newer ones than 20 print a warning for each.
const util = require('node:util') as Record<'isNullOrUndefined' | 'isArray', (value: unknown) => boolean>
util.isNullOrUndefined = (value) => value === null || value === undefined
util.isArray = Array.isArray

// If enabled, Node would also load the source maps of all of its packages, which adds 0.1 s to every start.
const { sourceMapsEnabled = false } = process as { sourceMapsEnabled?: boolean }
process.setSourceMapsEnabled(false)
export const tf = require('@tensorflow/tfjs-node-gpu') as typeof import('@tensorflow/tfjs-node-gpu')
process.setSourceMapsEnabled(sourceMapsEnabled)

/** The classes that tfjs-node itself uses to read SavedModels; they are generated and untyped. */
// biome-ignore lint/suspicious/noExplicitAny: generated JavaScript without declarations
export const protobuf: any = require('@tensorflow/tfjs-node-gpu/dist/proto/api_pb.js')

/** Members of the backend that its published types hide. */
interface Backend
  extends Omit<
    NodeJSKernelBackend,
    'tensorMap' | 'createOutputTensor' | 'getInputTensorIds' | 'isUsingGpuDevice'
  > {
  binding: TFJSBinding
  isUsingGpuDevice: boolean
  createOutputTensor(metadata: TensorMetadata): Tensor
  getInputTensorIds(tensors: Tensor[]): number[]
}

export const backend = tf.backend() as unknown as Backend

/** The real binding, even while a step is recorded and a substitute is installed. */
export const nativeBinding = backend.binding

/** Whether TensorFlow computes on a graphics card. */
export function usesCard(): boolean {
  return backend.isUsingGpuDevice
}

/** TensorFlow's data type numbers (types.proto). */
export const DATA_TYPE = { float32: 1, int32: 3, uint8: 4, bool: 10, bfloat16: 14 } as const
export type InputType = 'float32' | 'int32' | 'uint8'

/** The binding's id of a tensor, whose values are uploaded first if they have not been yet. */
export function tensorIdOf(tensor: Tensor): number {
  return backend.getInputTensorIds([tensor])[0] as number
}

/** Runs a TensorFlow operation by name, for operations that TF.js has no function for. */
export function runOperation(name: string, attributes: TFEOpAttr[], inputs: Tensor[], outputs = 1): Tensor[] {
  return backend.executeMultipleOutputs(name, attributes, inputs, outputs)
}

export const attribute = {
  type: (name: string, value: number): TFEOpAttr => ({ name, type: nativeBinding.TF_ATTR_TYPE, value }),
  float: (name: string, value: number): TFEOpAttr => ({ name, type: nativeBinding.TF_ATTR_FLOAT, value }),
  bool: (name: string, value: boolean): TFEOpAttr => ({ name, type: nativeBinding.TF_ATTR_BOOL, value }),
  string: (name: string, value: string): TFEOpAttr => ({ name, type: nativeBinding.TF_ATTR_STRING, value }),
}

/** Casts images passed as uint8, for which TF.js has no type, to float32. */
export function castBytesToFloat(bytes: Tensor): Tensor {
  const attributes = [
    attribute.type('SrcT', DATA_TYPE.uint8),
    attribute.type('DstT', DATA_TYPE.float32),
    attribute.bool('Truncate', false),
  ]
  return runOperation('Cast', attributes, [bytes])[0] as Tensor
}

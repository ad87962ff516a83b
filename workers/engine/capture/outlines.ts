// biome-ignore-all lint/style/noNonNullAssertion: number and rank of an operation's inputs are as TensorFlow
// documents

/**
 * While a function is recorded, only the shapes of its intermediate results matter. Costly operations are
 * therefore not executed: their outputs are tensors of the right shape whose memory is never touched, and so
 * never allocated. Rules for further operations would only save time; they are not needed for correctness.
 */
import { attribute, DATA_TYPE, nativeBinding, type TensorMetadata, type TFEOpAttr } from '../tensorflow.ts'

type Shape = readonly number[]

interface Call {
  attributes: TFEOpAttr[]
  shapes: Shape[]
  /** The values of an input that is an integer constant; undefined otherwise. */
  numbersOf(input: number): number[] | undefined
}

/** The shapes of an operation's outputs, or undefined if they cannot be inferred. */
type Rule = (call: Call) => Shape[] | undefined

const first: Rule = ({ shapes }) => [shapes[0]!]

/** NumPy's broadcasting rules. */
const broadcast: Rule = ({ shapes: [a, b] }) => {
  const rank = Math.max(a!.length, b!.length)
  const lengthOf = (shape: Shape, axis: number) => shape[axis - rank + shape.length] ?? 1
  return [Array.from({ length: rank }, (_, axis) => Math.max(lengthOf(a!, axis), lengthOf(b!, axis)))]
}

/** The output shape is the value of an input, as for the gradients of convolutions and poolings. */
const givenBy =
  (input: number): Rule =>
  ({ numbersOf }) => {
    const shape = numbersOf(input)
    return shape && [shape]
  }

const window =
  (sizeOf: (call: Call) => { height: number; width: number; channels: number }): Rule =>
  (call) => {
    const [batch, height, width] = call.shapes[0]!
    const { height: kernelHeight, width: kernelWidth, channels } = sizeOf(call)
    const [, down, across] = integersOf(call.attributes, 'strides')
    const isSame = call.attributes.find(({ name }) => name === 'padding')?.value === 'SAME'
    const places = (length: number, kernel: number, stride: number) =>
      Math.ceil((isSame ? length : length - kernel + 1) / stride)
    return [[batch!, places(height!, kernelHeight, down!), places(width!, kernelWidth, across!), channels]]
  }

const convolved = window(({ shapes: [, kernel] }) => ({
  height: kernel![0]!,
  width: kernel![1]!,
  channels: kernel![3]!,
}))

const convolvedByChannel = window(({ shapes: [, kernel] }) => ({
  height: kernel![0]!,
  width: kernel![1]!,
  channels: kernel![2]! * kernel![3]!,
}))

const pooled = window(({ attributes, shapes: [input] }) => {
  const [, height, width] = integersOf(attributes, 'ksize')
  return { height: height!, width: width!, channels: input![3]! }
})

/** Output, mean, variance, and three that only the gradient reads. */
const normalized: Rule = ({ shapes: [input, scale] }) => [input!, ...Array(5).fill(scale!)]

/** Gradients of input, scale and offset, and two unused outputs. */
const normalizedGradient: Rule = ({ shapes: [gradient, , scale] }) => [gradient!, scale!, scale!, [0], [0]]

const RULES: Record<string, Rule> = {
  Conv2D: convolved,
  Conv2DBackpropInput: givenBy(0),
  Conv2DBackpropFilter: givenBy(1),
  DepthwiseConv2dNative: convolvedByChannel,
  DepthwiseConv2dNativeBackpropInput: givenBy(0),
  DepthwiseConv2dNativeBackpropFilter: givenBy(1),
  FusedBatchNormV3: normalized,
  FusedBatchNormGradV3: normalizedGradient,
  MaxPool: pooled,
  MaxPoolGrad: first,
  AvgPool: pooled,
  AvgPoolGrad: givenBy(0),
  Relu: first,
  ReluGrad: first,
  Sqrt: first,
  Square: first,
  Neg: first,
  Add: broadcast,
  AddV2: broadcast,
  Sub: broadcast,
  Mul: broadcast,
  RealDiv: broadcast,
  Maximum: broadcast,
}

/** @returns placeholder outputs, or undefined if the operation has to be executed */
export function outline(operation: string, call: Call, outputCount: number): TensorMetadata[] | undefined {
  const dtype = call.attributes.find(({ name }) => name === 'T')?.value
  if (dtype !== DATA_TYPE.float32 || call.shapes.includes(undefined as never)) return undefined
  return RULES[operation]?.(call)?.slice(0, outputCount).map(untouchedTensor)
}

function untouchedTensor(shape: Shape): TensorMetadata {
  const id = nativeBinding.createTensor([shape.length], DATA_TYPE.int32, Int32Array.from(shape))
  const attributes = [attribute.type('dtype', DATA_TYPE.float32), attribute.bool('init', false)]
  const [tensor] = nativeBinding.executeOp('Empty', attributes, [id], 1)
  nativeBinding.deleteTensor(id)
  return tensor!
}

function integersOf(attributes: TFEOpAttr[], attributeName: string): number[] {
  return attributes.find(({ name }) => name === attributeName)!.value as number[]
}

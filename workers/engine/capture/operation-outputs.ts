/**
 * How the definitions of TensorFlow's operations (ops.pbtxt) name their outputs, for the operations that the
 * engine records: inside a function an output is referred to by that name.
 */

/** Operations with one output, or one list of outputs, by its name. */
const SINGLE: Record<string, readonly string[]> = {
  output: [
    'All',
    'Any',
    'ArgMax',
    'ArgMin',
    'AvgPool',
    'AvgPoolGrad',
    'BatchMatMul',
    'BatchMatMulV2',
    'BiasAdd',
    'ConcatV2',
    'Const',
    'Conv2D',
    'Conv2DBackpropFilter',
    'Conv2DBackpropInput',
    'DepthwiseConv2dNative',
    'DepthwiseConv2dNativeBackpropFilter',
    'DepthwiseConv2dNativeBackpropInput',
    'Dilation2D',
    'ExpandDims',
    'Fill',
    'GatherNd',
    'GatherV2',
    'Identity',
    'Max',
    'MaxPool',
    'MaxPoolGrad',
    'Mean',
    'Min',
    'MirrorPad',
    'OneHot',
    'Pack',
    'Pad',
    'PadV2',
    'Prod',
    'Range',
    'Reshape',
    'ResourceGather',
    'Select',
    'Slice',
    'Split',
    'SplitV',
    'Squeeze',
    'StatefulPartitionedCall',
    'StopGradient',
    'StridedSlice',
    'Sum',
    'Tile',
    'Unpack',
  ],
  y: [
    'Abs',
    'Cast',
    'Exp',
    'Log',
    'Neg',
    'Reciprocal',
    'Rsqrt',
    'Sigmoid',
    'Sign',
    'Sqrt',
    'Square',
    'Tanh',
    'Transpose',
    'ZerosLike',
  ],
  z: [
    'Add',
    'AddV2',
    'Div',
    'Equal',
    'Greater',
    'GreaterEqual',
    'Less',
    'Maximum',
    'Minimum',
    'Mul',
    'Pow',
    'RealDiv',
    'Sub',
  ],
  activations: ['Elu', 'Relu', 'Selu'],
  sum: ['AddN'],
  value: ['ReadVariableOp'],
  backprops: ['ReluGrad'],
  resized_images: ['ResizeBilinear'],
  softmax: ['Softmax'],
  logsoftmax: ['LogSoftmax'],
  product: ['MatMul'],
  out: ['Cumsum'],
}

const SEVERAL: Record<string, readonly string[]> = {
  FusedBatchNorm: ['y', 'batch_mean', 'batch_variance', 'reserve_space_1', 'reserve_space_2'],
  FusedBatchNormGradV3: [
    'x_backprop',
    'scale_backprop',
    'offset_backprop',
    'reserve_space_4',
    'reserve_space_5',
  ],
  FusedBatchNormV3: [
    'y',
    'batch_mean',
    'batch_variance',
    'reserve_space_1',
    'reserve_space_2',
    'reserve_space_3',
  ],
}

const OUTPUT_NAMES = new Map([
  ...Object.entries(SEVERAL),
  ...Object.entries(SINGLE).flatMap(([output, operations]) =>
    operations.map((operation): [string, readonly string[]] => [operation, [output]]),
  ),
])

/** @throws if the operation's outputs are not listed here */
export function outputNamesOf(operation: string): readonly string[] {
  const names = OUTPUT_NAMES.get(operation)
  if (!names) throw new Error(`add the names of the outputs of ${operation} to operation-outputs.ts`)
  return names
}

/**
 * Lowers a step to bfloat16 while it is recorded. Convolutions, batch normalisation (except its statistics),
 * ReLU, pooling and their gradients read and return bfloat16; additions and rearrangements of feature maps
 * stay in bfloat16 if all their inputs are. Everything else stays float32, in particular weights, losses,
 * posteriors and the optimizer.
 */
import { attribute, DATA_TYPE, type TFEOpAttr } from '../tensorflow.ts'

export interface RecordedCall {
  operation: string
  attributes: TFEOpAttr[]
  /** `node:index` of every input. */
  inputs: string[]
  /** Shape of the first output. */
  shape?: number[]
}

/**
 * The inputs that become bfloat16, as does the first output; other inputs are sizes or statistics. The kernel
 * gradient of depthwise convolutions is left out: in bfloat16 it differed from run to run on feature maps of
 * one pixel.
 */
const LOWERED: Record<string, readonly number[]> = {
  Conv2D: [0, 1],
  Conv2DBackpropInput: [1, 2],
  Conv2DBackpropFilter: [0, 2],
  DepthwiseConv2dNative: [0, 1],
  DepthwiseConv2dNativeBackpropInput: [1, 2],
  FusedBatchNormV3: [0],
  FusedBatchNormGradV3: [0, 1],
  Relu: [0],
  ReluGrad: [0, 1],
  Relu6: [0],
  Relu6Grad: [0, 1],
  MaxPool: [0],
  MaxPoolGrad: [0, 1, 2],
  AvgPool: [0],
  AvgPoolGrad: [1],
}

/** How many leading inputs are feature maps; a negative number counts from the end, as in `slice`. */
const FOLLOWING: Record<string, number> = { Add: 2, AddV2: 2, ConcatV2: -1, SplitV: 1, Reshape: 1 }

/** The optimizer accumulates these, so they are converted back to float32 at once. */
const KERNEL_GRADIENT = /BackpropFilter$/

export class Bfloat16Pass {
  private readonly add: (call: RecordedCall) => string
  /** References to outputs that are bfloat16. */
  private readonly lowered = new Set<string>()

  /** @param add adds a call to the graph unless an identical one exists, and returns its node's name */
  constructor(add: (call: RecordedCall) => string) {
    this.add = add
  }

  /**
   * Records a call in its own precision.
   * @returns references to its outputs
   */
  record(call: RecordedCall, outputs: number): string[] {
    const positions = this.loweredInputs(call)
    const inputs = call.inputs.map((input, i) =>
      positions.includes(i) ? this.toBfloat16(input) : this.toFloat(input),
    )
    if (positions.length === 0) return referencesTo(this.add({ ...call, inputs }), outputs)
    const references = referencesTo(
      this.add({ ...call, inputs, attributes: lower(call.attributes) }),
      outputs,
    )
    for (const reference of call.operation in FOLLOWING ? references : references.slice(0, 1))
      this.lowered.add(reference)
    return KERNEL_GRADIENT.test(call.operation) ? references.map((it) => this.toFloat(it)) : references
  }

  /** A reference to the same value in float32. */
  toFloat(reference: string): string {
    return this.lowered.has(reference)
      ? this.cast(reference, DATA_TYPE.bfloat16, DATA_TYPE.float32)
      : reference
  }

  private toBfloat16(reference: string): string {
    if (this.lowered.has(reference)) return reference
    const cast = this.cast(reference, DATA_TYPE.float32, DATA_TYPE.bfloat16)
    this.lowered.add(cast)
    return cast
  }

  private loweredInputs({ operation, inputs, shape }: RecordedCall): readonly number[] {
    const lowered = LOWERED[operation]
    if (lowered) return lowered
    // Logits, losses and weights have another rank or are float32.
    if (!(operation in FOLLOWING) || shape?.length !== 4) return []
    const maps = inputs.slice(0, FOLLOWING[operation])
    return maps.every((input) => this.lowered.has(input)) ? [...maps.keys()] : []
  }

  private cast(reference: string, from: number, to: number): string {
    const attributes = [
      attribute.type('SrcT', from),
      attribute.type('DstT', to),
      attribute.bool('Truncate', false),
    ]
    return `${this.add({ operation: 'Cast', attributes, inputs: [reference] })}:0`
  }
}

/** TensorFlow's names for a node's outputs. */
export function referencesTo(node: string, outputs: number): string[] {
  return Array.from({ length: outputs }, (_, index) => `${node}:${index}`)
}

function lower(attributes: TFEOpAttr[]): TFEOpAttr[] {
  return attributes.map((own) => (own.name === 'T' ? { ...own, value: DATA_TYPE.bfloat16 } : own))
}

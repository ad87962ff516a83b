import { type ArchitectureFamilyName, familyOf } from '../../../contract/architectures.ts'
import type { SymbolicTensor } from '../tensorflow.ts'
import { buildResnet } from './resnet.ts'

export interface NetworkOptions {
  /** The whole name, such as `resnet-32`. */
  architecture: string
  classes: number
  /** Put before every layer's name, so that several networks fit into one model. */
  prefix: string
}

export interface NetworkOutputs {
  /** The last pooled feature, [batch, features]. */
  features: SymbolicTensor
  /** [batch, classes]. */
  logits: SymbolicTensor
}

type NetworkBuilder = (input: SymbolicTensor, options: NetworkOptions) => NetworkOutputs

/** One builder for every family of the catalogue. */
const BUILDERS = {
  resnet: buildResnet,
} as const satisfies Record<ArchitectureFamilyName, NetworkBuilder>

/**
 * Adds a network to `input`, a batch of normalised pictures [batch, height, width, channels]. Kernels start at zero:
 * `setInitialWeights` gives them their values.
 * @throws Error where no family knows the architecture
 */
export function buildNetwork(input: SymbolicTensor, options: NetworkOptions): NetworkOutputs {
  const family = familyOf(options.architecture)
  if (!family) throw new Error(`there is no architecture “${options.architecture}”`)
  return BUILDERS[family](input, options)
}

import { type ArchitectureFamilyName, familyOf } from '../../../contract/architectures.ts'
import type { SymbolicTensor } from '../tensorflow.ts'
import { buildConvnet } from './convnet.ts'
import { buildImagenetResnet } from './imagenet-resnet.ts'
import { buildInceptionV1 } from './inception-v1.ts'
import { buildMobilenet } from './mobilenet.ts'
import { buildMobilenetV2 } from './mobilenet-v2.ts'
import type { NetworkOptions, NetworkOutputs } from './network.ts'
import { buildResnet } from './resnet.ts'
import { buildWideResnet } from './wide-resnet.ts'

type NetworkBuilder = (input: SymbolicTensor, options: NetworkOptions) => NetworkOutputs

/** One builder per family of the catalogue. */
const BUILDERS = {
  resnet: buildResnet,
  'imagenet-resnet': buildImagenetResnet,
  wrn: buildWideResnet,
  mobilenet: buildMobilenet,
  'mobilenet-v2': buildMobilenetV2,
  'inception-v1': buildInceptionV1,
  convnet: buildConvnet,
} as const satisfies Record<ArchitectureFamilyName, NetworkBuilder>

/**
 * Builds a network on `input`, a batch of normalised images [batch, height, width, channels] of any size from
 * 8 pixels, square or not; stem.ts adapts to the size. Kernels are zero until `buildStudent` initialises
 * them.
 * @throws if the architecture is unknown
 */
export function buildNetwork(input: SymbolicTensor, options: NetworkOptions): NetworkOutputs {
  const family = familyOf(options.architecture)
  if (!family) throw new Error(`there is no architecture “${options.architecture}”`)
  return BUILDERS[family](input, options)
}

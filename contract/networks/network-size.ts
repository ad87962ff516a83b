import { NETWORK_TABLE } from './network-table.ts'

/** What a network holds and computes. */
export interface NetworkSize {
  /** Trainable. */
  parameters: number
  /** Of one image: products that its convolutions and its classifier add up. */
  multiplyAdds: number
}

export interface NetworkInput {
  height: number
  width: number
  channels: number
}

interface Network {
  parameters: number
  features: number
  stem: { weights: number; stride: number }
  /** Weights of the other convolutions by the stride of their output. */
  body: { stride: number; weights: number }[]
}

/** Images whose longer side has more pixels are reduced first. */
const LARGEST_SMALL_SIDE = 64

const networks = new Map(
  NETWORK_TABLE.trim()
    .split('\n')
    .map((line) => line.split(' | '))
    .map(([name = '', ...variants]) => [name, variants.map(readNetwork)]),
)

/** Null for an architecture that is not in the catalogue. */
export function sizeOfNetwork(
  architecture: string,
  { height, width, channels }: NetworkInput,
  classes: number,
): NetworkSize | null {
  const variants = networks.get(architecture)
  const network = variants?.at(Math.max(height, width) > LARGEST_SMALL_SIDE ? -1 : 0)
  if (!network) return null
  const { parameters, features, stem, body } = network
  const positions = (stride: number) => Math.ceil(height / stride) * Math.ceil(width / stride)
  return {
    parameters: parameters + (channels - 1) * stem.weights + (classes - 1) * (features + 1),
    multiplyAdds:
      positions(stem.stride) * stem.weights * channels +
      body.reduce((sum, { stride, weights }) => sum + positions(stride) * weights, 0) +
      features * classes,
  }
}

/** How many features a network of the catalogue has, whatever the size of its images. */
export function featuresOf(architecture: string): number | null {
  return networks.get(architecture)?.[0]?.features ?? null
}

function readNetwork(text: string): Network {
  const [parameters, features, weights, stride, ...body] = text.split(' ')
  return {
    parameters: Number(parameters),
    features: Number(features),
    stem: { weights: Number(weights), stride: Number(stride) },
    body: body.map((part) => {
      const [stride, weights] = part.split(':').map(Number)
      return { stride: stride ?? 1, weights: weights ?? 0 }
    }),
  }
}

import { familyOf } from '../../../contract/architectures.ts'
import { Normalization } from '../../../contract/normalization.ts'
import type { NamedTensor } from '../safetensors.ts'
import { type GivenWeights, GivenWeightsError, UnknownNamesError } from './given-weights.ts'
import type { Naming } from './names/naming.ts'
import { NAMINGS } from './names/namings.ts'
import { turn } from './turn-axes.ts'

/** Weights under our names and in our layout, for one architecture; whether they fit its shapes is not known yet. */
export interface RenamedWeights {
  /** Whose names the file has. */
  naming: string
  tensors: NamedTensor[]
  /** Null where neither the file nor its names say it. */
  normalization: Normalization | null
  classes: string[] | null
  /** Of the file's tensors, those that no layer of ours goes by. */
  unknown: string[]
  /** What is different about the network that they come from. */
  notes: string[]
}

/** Ours; weights of another are shifted so that it makes no difference. */
const EPSILON = 1e-5
const PREFIX = /^(module|model|backbone|encoder|network|_orig_mod)\./
/** By PyTorch's name, of batch normalisations. */
const NORMALIZATION_PARTS: Record<string, string> = {
  ...{ weight: 'gamma', bias: 'beta', running_mean: 'moving_mean', running_var: 'moving_variance' },
}
const KERAS_PARTS = new Set([
  'kernel',
  'bias',
  'gamma',
  'beta',
  'moving_mean',
  'moving_variance',
  'depthwise_kernel',
])

/** @throws GivenWeightsError where none of the names is known of such a network */
export function renameWeights(given: GivenWeights, architecture: string): RenamedWeights {
  const family = familyOf(architecture)
  if (!family) throw new GivenWeightsError(`there is no architecture “${architecture}”`)
  const names = withoutPrefix([...given.tensors.keys()])
  const known = NAMINGS[family].map((naming) => ({ naming, places: placesOf(naming, names) }))
  const best = known.reduce((a, b) => (b.places.size > a.places.size ? b : a))
  if (best.places.size === 0)
    throw new UnknownNamesError(
      `of its ${given.tensors.size} tensors none is named as ${known.map(({ naming }) => naming.title).join(', ')} name those of a ${architecture}`,
    )
  const { naming, places } = best
  const tensors = new Map<string, NamedTensor>()
  for (const [own, place] of places) tensors.set(place, turnedTensor(given, own, place, naming))
  const normalization = takeNormalization(tensors) ?? naming.normalization
  foldBiases(tensors)
  shiftVariances(tensors, naming.epsilon - EPSILON)
  if (naming.isBgr) turnColours(tensors.get('stem/kernel'))
  return {
    naming: naming.title,
    tensors: [...tensors.values()],
    normalization,
    classes: given.classes,
    unknown: [...given.tensors.keys()].filter((name) => !places.has(name)),
    notes: naming.difference ? [naming.difference] : [],
  }
}

/** The file's names, each with what stands in it when what all of them begin with is left out. */
function withoutPrefix(names: string[]): Map<string, string> {
  const short = new Map(names.map((name) => [name, name]))
  for (;;) {
    const prefix = PREFIX.exec(short.values().next().value ?? '')?.[0]
    if (!prefix || ![...short.values()].every((name) => name.startsWith(prefix))) return short
    for (const [name, rest] of short) short.set(name, rest.slice(prefix.length))
  }
}

/** Our `layer/weight` for each of the file's names that is known; the first of two that claim the same has it. */
function placesOf(naming: Naming, names: ReadonlyMap<string, string>): Map<string, string> {
  const places = new Map<string, string>()
  const taken = new Set<string>()
  for (const [name, short] of names) {
    const place = naming.layout === 'PYTORCH' ? placeInTorch(naming, short) : placeInKeras(naming, short)
    if (place === undefined || taken.has(place)) continue
    taken.add(place)
    places.set(name, place)
  }
  return places
}

function placeInTorch(naming: Naming, name: string): string | undefined {
  const dot = name.lastIndexOf('.')
  const layer = dot < 0 ? undefined : naming.layerOf(name.slice(0, dot))
  const part = name.slice(dot + 1)
  if (layer === undefined) return undefined
  if (layer.endsWith('_bn'))
    return Object.hasOwn(NORMALIZATION_PARTS, part) ? `${layer}/${NORMALIZATION_PARTS[part]}` : undefined
  if (part === 'bias') return `${layer}/bias`
  return part === 'weight' ? `${layer}/${kernelNameOf(layer)}` : undefined
}

function placeInKeras(naming: Naming, name: string): string | undefined {
  const parts = name.replace(/:0$/, '').split('/')
  const [part, layer] = [parts.at(-1) ?? '', naming.layerOf(parts.at(-2) ?? '')]
  if (layer === undefined || !KERAS_PARTS.has(part)) return undefined
  return `${layer}/${part === 'kernel' ? kernelNameOf(layer) : part}`
}

function kernelNameOf(layer: string): string {
  return layer.endsWith('_depthwise') ? 'depthwise_kernel' : 'kernel'
}

function turnedTensor({ tensors }: GivenWeights, own: string, place: string, naming: Naming): NamedTensor {
  const tensor = tensors.get(own)
  if (!tensor) throw new GivenWeightsError('a tensor in it is missing')
  const { shape } = tensor
  const values = tensor.read()
  const isKernel = place.endsWith('kernel')
  if (naming.layout === 'PYTORCH' && isKernel && shape.length === 4) {
    const axes = place.endsWith('/depthwise_kernel') ? [2, 3, 0, 1] : [2, 3, 1, 0]
    return { name: place, ...turn({ shape, values }, axes) }
  }
  if (naming.layout === 'PYTORCH' && isKernel && shape.length === 2)
    return { name: place, ...turn({ shape, values }, [1, 0]) }
  // Keras' MobileNet v1 has a 1x1 convolution for a classifier.
  const isFlat = place === 'logits/kernel' && shape.length === 4 && shape[0] === 1 && shape[1] === 1
  return { name: place, shape: isFlat ? shape.slice(2) : shape, values }
}

/** Our own files have it as their first layer, over pixels from 0 to 255. */
function takeNormalization(tensors: Map<string, NamedTensor>): Normalization | null {
  const [mean, variance] = ['moving_mean', 'moving_variance'].map((part) =>
    tensors.get(`normalization/${part}`),
  )
  tensors.delete('normalization/moving_mean')
  tensors.delete('normalization/moving_variance')
  if (!mean || !variance) return null
  const read = Normalization.safeParse({
    means: Array.from(mean.values, (value) => value / 255),
    deviations: Array.from(variance.values, (value) => Math.sqrt(value) / 255),
  })
  if (!read.success)
    throw new GivenWeightsError('the means and variances of its layer “normalization” cannot be right')
  return read.data
}

/** What a convolution adds, the batch normalisation after it subtracts: ours have no bias. */
function foldBiases(tensors: Map<string, NamedTensor>): void {
  for (const [place, { values }] of [...tensors]) {
    if (!place.endsWith('/bias') || place === 'logits/bias') continue
    const mean = tensors.get(place.replace('/bias', '_bn/moving_mean'))
    if (!mean || mean.values.length !== values.length) continue
    mean.values = mean.values.map((value, i) => value - (values[i] as number))
    tensors.delete(place)
  }
}

function shiftVariances(tensors: Map<string, NamedTensor>, shift: number): void {
  if (shift === 0) return
  for (const [place, tensor] of tensors)
    if (place.endsWith('/moving_variance')) tensor.values = tensor.values.map((value) => value + shift)
}

/** From blue, green, red to red, green, blue. */
function turnColours(kernel: NamedTensor | undefined): void {
  if (kernel?.shape.length !== 4 || kernel.shape[2] !== 3) return
  const filters = kernel.shape[3] as number
  const { values } = kernel
  kernel.values = values.map((_, i) => {
    const [place, rest] = [Math.floor(i / (3 * filters)), i % (3 * filters)]
    const [channel, filter] = [Math.floor(rest / filters), rest % filters]
    return values[(place * 3 + 2 - channel) * filters + filter] as number
  })
}

/** `model.weights.h5` of a `.keras` file: a group for each layer by its class and number, its variables numbered. */
import type { GraphLayer } from '../layer-graph.ts'
import { kerasName } from './keras-config.ts'

/** In the compiled library's own memory, where no path leads to a disk. */
const FILE = 'model.weights.h5'

/** As h5py and Keras write it; newer forms have times in more places, under checksums. */
const OLDEST_FORM: ['earliest', 'latest'] = ['earliest', 'latest']

/** A layer's group, without the number that the second and later ones of a class bear, and its variables in order. */
const LAYERS: Record<string, { group: string; variables: string[] }> = {
  Conv2D: { group: 'conv2d', variables: ['kernel', 'bias'] },
  DepthwiseConv2D: { group: 'depthwise_conv2d', variables: ['depthwise_kernel', 'bias'] },
  BatchNormalization: {
    group: 'batch_normalization',
    variables: ['gamma', 'beta', 'moving_mean', 'moving_variance'],
  },
  Dense: { group: 'dense', variables: ['kernel', 'bias'] },
}

/** @param layers in the model's order, by which those of one class are numbered */
export async function writeKerasWeights(layers: GraphLayer[]): Promise<Uint8Array> {
  const { default: library } = await import('h5wasm')
  const { FS } = await library.ready
  const file = new library.File(FILE, 'w', { libver: OLDEST_FORM })
  let datasets = 0
  try {
    const root = file.create_group('layers')
    const counts = new Map<string, number>()
    for (const { className, name, weights } of layers) {
      const kind = LAYERS[className]
      if (!kind) continue
      const number = counts.get(kind.group) ?? 0
      counts.set(kind.group, number + 1)
      const group = root.create_group(number === 0 ? kind.group : `${kind.group}_${number}`)
      const variables = group.create_group('vars')
      variables.create_attribute('name', kerasName(name))
      const own = kind.variables.flatMap((variable) => weights[variable] ?? [])
      for (const [i, { shape, values }] of own.entries())
        variables.create_dataset({ name: String(i), data: values, shape, dtype: '<f4' })
      datasets += own.length
    }
  } finally {
    file.close()
  }
  const bytes = FS.readFile(FILE)
  FS.unlink(FILE)
  return withoutTimes(bytes, datasets)
}

/** A message of an object's header: its type 0x12, its 8 bytes of content, and the content's version. */
const TIME_MESSAGE = Buffer.from([0x12, 0, 8, 0, 0, 0, 0, 0, 1, 0, 0, 0])

/** The library notes for each dataset when it was written, which it lets nobody turn off: the same model is the same file. */
function withoutTimes(bytes: Uint8Array, datasets: number): Uint8Array {
  const file = Buffer.from(bytes)
  const now = Math.floor(Date.now() / 1000)
  let found = 0
  for (let at = file.indexOf(TIME_MESSAGE); at >= 0; at = file.indexOf(TIME_MESSAGE, at + 1)) {
    const time = at + TIME_MESSAGE.length
    // Weights may happen to look like a message, though hardly like one of this hour.
    if (Math.abs(file.readUInt32LE(time) - now) > 3600) continue
    file.writeUInt32LE(0, time)
    found++
  }
  if (found !== datasets) throw new Error(`${datasets} datasets were written with ${found} times`)
  return file
}

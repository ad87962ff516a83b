import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { zipSync } from 'fflate'
import { afterAll, describe, expect, it } from 'vitest'
import { type GivenWeights, GivenWeightsError } from '../../../../workers/engine/given/given-weights.ts'
import { prepareStart } from '../../../../workers/engine/given/prepare-start.ts'
import { readGivenBytes, readGivenFile } from '../../../../workers/engine/given/read-given-file.ts'
import { renameWeights } from '../../../../workers/engine/given/rename-weights.ts'
import { encodeSafetensors } from '../../../../workers/engine/safetensors.ts'

const REFERENCES = path.join('test', 'references', 'given')
const CASES = Number(process.env.FUZZ_CASES ?? 300)
const folder = mkdtempSync(path.join(tmpdir(), 'studyhall-given-'))
afterAll(() => rmSync(folder, { recursive: true }))

const reference = (name: string) => readFileSync(path.join(REFERENCES, name))
const encoder = new TextEncoder()
const counted = (length: number) => Float32Array.from({ length }, (_, i) => i)

function valuesOf(weights: GivenWeights, architecture: string): Map<string, number[]> {
  const { tensors } = renameWeights(weights, architecture)
  return new Map(tensors.map(({ name, values }) => [name, [...values]]))
}

const tfjsModel = (changes: object = {}) => ({
  'model.json': encoder.encode(
    JSON.stringify({
      format: 'layers-model',
      weightsManifest: [
        {
          paths: ['weights.bin'],
          weights: [{ name: 'logits/bias', shape: [3], dtype: 'float32', ...changes }],
        },
      ],
      userDefinedMetadata: { classes: ['a', 'b', 'c'] },
    }),
  ),
  'weights.bin': new Uint8Array(counted(3).buffer),
})

describe.each(['zipped.pth', 'legacy.pth'])('a PyTorch state_dict, %s', (name) => {
  it('is read with our names and in our layout, whatever its precision and its order in memory', async () => {
    const { weights } = await readGivenFile(path.join(REFERENCES, name))
    const { naming, unknown, normalization } = renameWeights(weights, 'imagenet-resnet-18')
    expect({ naming, unknown }).toEqual({ naming: 'torchvision and timm', unknown: [] })
    expect(normalization?.means).toEqual([0.485, 0.456, 0.406])
    const values = valuesOf(weights, 'imagenet-resnet-18')
    // [out, in, height, width] of 16, 3, 3, 3 became [height, width, in, out].
    const kernel = values.get('stem/kernel')!
    expect(kernel.slice(0, 3)).toEqual([0, 27, 54])
    expect(kernel.slice(16, 18)).toEqual([9, 36])
    expect(kernel.at(-1)).toBe(16 * 27 - 1)
    expect(values.get('stem_bn/moving_variance')).toEqual([...counted(16)])
    // A part of a larger storage: from the second channel of each filter.
    expect(values.get('stage1_block1_conv1/kernel')!.slice(0, 2)).toEqual([9, 153])
    expect(values.get('logits/kernel')!.slice(0, 4)).toEqual([0, 64, 128, 1])
    expect(values.get('logits/bias')).toEqual([0, 1, 2])
  })
})

describe.each(['model.keras', 'model.h5', 'model.weights.h5'])('a Keras file, %s', (name) => {
  it('is read by its layers’ names, its larger epsilon in the variance', async () => {
    const { weights } = await readGivenFile(path.join(REFERENCES, name))
    expect(weights.form).toBe('KERAS')
    const { naming, normalization } = renameWeights(weights, 'mobilenet')
    expect({ naming, normalization }).toEqual({
      naming: 'Keras',
      normalization: { means: [0.5, 0.5, 0.5], deviations: [0.5, 0.5, 0.5] },
    })
    const values = valuesOf(weights, 'mobilenet')
    expect(values.get('stem/kernel')).toEqual([...counted(3 * 3 * 3 * 8)])
    expect(values.get('block1_depthwise/depthwise_kernel')).toEqual([...counted(3 * 3 * 8)])
    expect(values.get('stem_bn/moving_mean')).toEqual([...counted(8)])
    expect(values.get('stem_bn/moving_variance')![1]).toBeCloseTo(1 + 1e-3 - 1e-5, 6)
    expect(values.get('logits/bias')).toEqual([0, 1, 2])
  })
})

it('reads a TF.js layers model out of its zip and out of its folder, with its classes', async () => {
  const files = tfjsModel()
  const zip = path.join(folder, 'model.zip')
  writeFileSync(
    zip,
    zipSync({ 'ada/model.json': files['model.json'], 'ada/weights.bin': files['weights.bin'] }),
  )
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content)
  for (const location of [zip, path.join(folder, 'model.json')]) {
    const { weights } = await readGivenFile(location)
    expect(weights.classes).toEqual(['a', 'b', 'c'])
    expect(valuesOf(weights, 'convnet').get('logits/bias')).toEqual([0, 1, 2])
  }
})

it('takes colours in the order of Keras’ ResNet-50 apart and together again, and its biases into the statistics', () => {
  const tensors = new Map(
    Object.entries({
      'conv1_conv/kernel': [1, 1, 3, 2],
      'conv1_conv/bias': [2],
      'conv1_bn/moving_mean': [2],
      'conv1_bn/moving_variance': [2],
    }).map(([name, shape]) => [
      name,
      { shape, read: () => counted(shape.reduce((product, length) => product * length, 1)) },
    ]),
  )
  const renamed = renameWeights({ form: 'KERAS', tensors, classes: null }, 'imagenet-resnet-50')
  const values = new Map(renamed.tensors.map((tensor) => [tensor.name, [...tensor.values]]))
  expect(values.get('stem/kernel')).toEqual([4, 5, 2, 3, 0, 1])
  expect(values.get('stem_bn/moving_mean')).toEqual([0, 0])
  expect(values.has('stem/bias')).toBe(false)
  expect(renamed.normalization?.means[0]).toBeCloseTo(123.68 / 255)
})

const safetensors = (name: string, shape = [3]) =>
  encodeSafetensors({ tensors: [{ name, shape, values: counted(3) }], metadata: {} })

/** So many tensors of a MiB of numbers are more than 1 GiB. */
const TOO_MANY = 257
const FOUR_MIB = 2 ** 22

/** Tensors that all have the same bytes. */
function sharingBytes(): Buffer {
  const entry = { dtype: 'F32', shape: [FOUR_MIB / 4], data_offsets: [0, FOUR_MIB] }
  const names = Array.from({ length: TOO_MANY }, (_, i) => [`block${i}_a/bias`, entry])
  const header = Buffer.from(JSON.stringify(Object.fromEntries(names)))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  return Buffer.concat([length, header, Buffer.alloc(FOUR_MIB)])
}

/** A zip whose list names the same stored file over and over, each time as if it were empty once unpacked. */
function zipBomb(): Buffer {
  const zip = Buffer.from(zipSync({ a: new Uint8Array(FOUR_MIB) }, { level: 0 }))
  const end = zip.length - 22
  const start = zip.readUInt32LE(end + 16)
  const listed = Buffer.from(zip.subarray(start, end))
  listed.writeUInt32LE(0, 24)
  const last = Buffer.from(zip.subarray(end))
  for (const at of [8, 10]) last.writeUInt16LE(TOO_MANY, at)
  return Buffer.concat([zip.subarray(0, start), ...Array<Buffer>(TOO_MANY).fill(listed), last])
}

function repeatedShard(): Uint8Array {
  const manifest = [{ paths: Array(TOO_MANY).fill('weights.bin'), weights: [] }]
  const json = encoder.encode(JSON.stringify({ weightsManifest: manifest }))
  return zipSync({ 'model.json': json, 'weights.bin': new Uint8Array(FOUR_MIB) }, { level: 1 })
}

const REFUSED: [what: string, bytes: () => Uint8Array, words: RegExp][] = [
  [
    'a whole module',
    () => reference('module.pth'),
    /asks for "torch\.nn\.modules\.linear\.Linear", which is refused; save the model’s state_dict/,
  ],
  [
    'a program',
    () => Buffer.concat([reference('legacy.pth').subarray(0, 20), Buffer.from('cos\nsystem\n.')]),
    /./,
  ],
  [
    'a picture',
    () => Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    /none of the kinds that are read: a safetensors file/,
  ],
  ['an empty file', () => Buffer.alloc(0), /none of the kinds/],
  ['a zip of something else', () => zipSync({ 'a.txt': encoder.encode('a') }), /a zip without a model in it/],
  [
    'a quantised model',
    () => zipSync(tfjsModel({ quantization: { dtype: 'uint8' } })),
    /not one of float32 as it is/,
  ],
  [
    'a model whose weights are missing',
    () => zipSync({ 'model.json': tfjsModel()['model.json'] }),
    /“?weights\.bin”? *.*missing|missing/,
  ],
  ['a shape larger than the file', () => safetensors('logits/bias', [4]), /is not where the header says/],
  ['tensors that share their bytes', sharingBytes, /its tensors together are larger than any model/],
  ['a zip that unpacks to more than it says', zipBomb, /unpacked it is larger than any model/],
  ['a model that repeats its weights', repeatedShard, /its weights together are larger than any model/],
  [
    'a normalisation that divides by 0',
    () => {
      const parts = ['normalization/moving_mean', 'normalization/moving_variance']
      const tensors = parts.map((name) => ({ name, shape: [3], values: counted(3) }))
      return encodeSafetensors({ tensors, metadata: {} })
    },
    /means and variances of its layer “normalization” cannot be right/,
  ],
  [
    'names that nobody knows',
    () => safetensors('attention/query'),
    /of its 1 tensors none is named as Studyhall name those of a convnet/,
  ],
]

it.each(REFUSED)('row 29: refuses %s in a sentence', async (_, bytes, words) => {
  const file = path.join(folder, 'given')
  writeFileSync(file, bytes())
  const refused = prepareStart(file, 'convnet', { licence: null, frozenEpochs: 0 })
  await expect(refused).rejects.toThrow(words)
  await expect(refused).rejects.toThrow(/^given cannot be started from: .*\.$/)
})

it('row 29: reads or refuses whatever is changed in a file, and never with an error of somebody else', async () => {
  const names = ['zipped.pth', 'legacy.pth', 'model.keras', 'model.h5', 'model.weights.h5']
  const made = [safetensors('logits/bias'), Buffer.from(zipSync(tfjsModel()))]
  const corpus = [...names.map(reference), ...made]
  // A linear congruence, so that the cases are the same each time.
  let random = 1
  const draw = (below: number) => {
    random = (random * 1_103_515_245 + 12_345) % 2 ** 31
    return random % below
  }
  for (let i = 0; i < CASES; i++) {
    const bytes = Buffer.from(corpus[i % corpus.length]!)
    for (let change = 0; change <= draw(4); change++) bytes[draw(bytes.length)] = draw(256)
    const cut = draw(4) === 0 ? bytes.subarray(0, draw(bytes.length)) : bytes
    try {
      const weights = await readGivenBytes(Buffer.from(cut))
      for (const { read } of weights.tensors.values()) read()
    } catch (error) {
      expect(error).toBeInstanceOf(GivenWeightsError)
    }
  }
}, 600_000)

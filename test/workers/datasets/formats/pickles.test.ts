/** CIFAR-10 as Python's own pickle writes it in every protocol (test/references/pickles.py). */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { packDataset } from '../../../../workers/datasets/pack/pack.ts'
import { Packing } from '../packing.ts'

const FOLDER = path.join('test', 'references', 'pickles')

let packing: Packing
beforeAll(async () => {
  packing = await Packing.begin()
})
afterAll(() => packing.end())

it.each([0, 1, 2, 3, 4, 5])('protocol %i is read to the very images that were written', async (protocol) => {
  const expected = JSON.parse(await readFile(path.join(FOLDER, 'expected.json'), 'utf8'))
  const { manifest } = await packDataset(path.join(FOLDER, `protocol-${protocol}.tar.gz`), packing.storage)
  if (manifest.kind !== 'CLASSIFICATION') return expect.unreachable('it is no retrieval dataset')
  expect(manifest.classes).toEqual(Array.from({ length: 10 }, (_, i) => `c${i}`))
  expect((await packing.labelsOf(manifest.splits.train)).slice(0, 2)).toEqual(expected.labels)
  const pixels = await packing.bytesOf(manifest.splits.train)
  // Red of every 32nd pixel of the first image, which is packed with its colours side by side.
  expect(Array.from({ length: 32 }, (_, i) => pixels[i * 32 * 3])).toEqual(expected.firstPlane)
})

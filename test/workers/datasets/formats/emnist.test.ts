import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { written } from '../layouts.ts'
import { Packing } from '../packing.ts'
import { makePixels } from '../pictures.ts'

let packing: Packing
beforeAll(async () => {
  packing = await Packing.begin()
})
afterAll(() => packing.end())

function idx(sizes: number[], bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length)
  header.writeUInt16BE(8, 1)
  header[2] = 8
  header[3] = sizes.length
  for (const [i, size] of sizes.entries()) header.writeUInt32BE(size, 4 + 4 * i)
  return gzipSync(Buffer.concat([header, bytes]))
}

/** The four files of one of EMNIST's sets, two images of each label in both splits. */
function setOf(name: string, labels: number[]): Record<string, Buffer> {
  const twice = Uint8Array.from([...labels, ...labels])
  const files: Record<string, Buffer> = {}
  for (const [i, split] of ['train', 'test'].entries()) {
    const pixels = makePixels(i, 8, 8 * twice.length, 1).data
    files[`gzip/emnist-${name}-${split}-images-idx3-ubyte.gz`] = idx([twice.length, 8, 8], pixels)
    files[`gzip/emnist-${name}-${split}-labels-idx1-ubyte.gz`] = idx([twice.length], twice)
  }
  return files
}

it('labels from 1 are as many classes, named as the mapping has them', async () => {
  const entries = setOf('letters', [1, 2, 3])
  const unnamed = await written(packing, entries)
  expect(unnamed).toMatchObject({ classes: ['1', '2', '3'], train: [2, 2, 2], test: [2, 2, 2], doubts: [] })
  expect(unnamed.notes).toEqual(['Read as IDX: the classes have no names, only numbers. They begin at 1.'])
  const mapping = '1 65 97\n2 66 98\n3 67 99\n'
  const named = await written(packing, { ...entries, 'gzip/emnist-letters-mapping.txt': mapping })
  expect(named).toMatchObject({ classes: ['Aa', 'Bb', 'Cc'], train: [2, 2, 2], ignored: [] })
})

it('of several sets the first is taken, and the others are named', async () => {
  const found = await written(packing, { ...setOf('letters', [1, 2, 3]), ...setOf('digits', [0, 1]) })
  expect(found).toMatchObject({ classes: ['0', '1'], doubts: ['SEVERAL_CANDIDATES'] })
  expect(found.messages[0]).toMatch(/“gzip\/emnist-digits-…” was taken, and not “gzip\/emnist-letters-…”/)
})

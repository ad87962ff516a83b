/**
 * Real archives with bits flipped, parts cut out, doubled and swapped: each is imported, or refused with a reason; never a
 * crash, a hang, memory that grows, or a file that is left behind. `npm run fuzz` tries 10,000 of them.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DiskStorage } from '../../../storage/disk.ts'
import { InvalidDatasetError } from '../../../workers/datasets/archives/invalid-dataset-error.ts'
import { packDataset } from '../../../workers/datasets/pack/pack.ts'
import { craftTar } from './crafted-tar.ts'
import { craftZip } from './crafted-zip.ts'
import { bmp, png, twoClasses, writeZip } from './pictures.ts'

const CASES = Number(process.env.FUZZ_CASES ?? 300)
const MAX_MS = 10_000
const MAX_GROWTH_BYTES = 300 << 20
/** The corpus is the same each time; the seed makes the cases so, too. */
const SEED = 1

let folder: string
/** What is changed, and how it is packed again after that. */
let corpus: { name: string; bytes: Buffer; pack: (bytes: Buffer) => Buffer }[]

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fuzz-'))
  await mkdir(path.join(folder, 'scratch'))
  corpus = await gatherCorpus()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function gatherCorpus(): Promise<typeof corpus> {
  const asTheyAre = (bytes: Buffer) => bytes
  const references = path.join('test', 'references', 'formats')
  const found: typeof corpus = []
  const pickles = [0, 1, 3, 5].map((protocol) => path.join('..', 'pickles', `protocol-${protocol}.tar.gz`))
  for (const name of [...(await readdir(references)).sort(), ...pickles]) {
    const bytes = await readFile(path.join(references, name))
    if (name.endsWith('.json')) continue
    found.push({ name, bytes, pack: asTheyAre })
    // Changed before it is packed, it comes past gzip's checksum and meets the readers behind.
    if (name.endsWith('.gz'))
      found.push({ name: `${name}, inside`, bytes: gunzipSync(bytes), pack: gzipSync })
  }
  const pictures = await twoClasses(4)
  const list = `path,label\n${Object.keys(pictures)
    .map((name, i) => `${name},${i % 2 ? 'a' : 'b'}\n`)
    .join('')}`
  const market = [
    'bounding_box_train/0002_c1',
    'bounding_box_train/0007_c1',
    'query/0011_c1',
    'bounding_box_test/0011_c2',
  ]
  const zips: Record<string, Record<string, Buffer | string>> = {
    'folders.zip': pictures,
    'csv.zip': { ...pictures, 'manifest.csv': list },
    'quoted csv.zip': { ...pictures, 'labels.csv': list.replaceAll(/[^,\n]+/g, '"$&"').replaceAll(',', ';') },
    'utf-16 csv.zip': { ...pictures, 'labels.csv': Buffer.from(`\ufeff${list}`, 'utf16le') },
    'asked csv.zip': {
      ...pictures,
      'labels.csv': Object.keys(pictures)
        .map((name, i) => `${name},${i % 2}.0,${Number(i % 4 > 0)},${i % 2 ? 'a' : 'b'}\n`)
        .reduce((text, row) => text + row, 'path,label,is_train,category\n'),
    },
    'jsonl.zip': {
      ...pictures,
      'metadata.jsonl': Object.keys(pictures)
        .map((name, i) => `{"path":"${name}","label":${i % 2}}\n`)
        .join(''),
    },
    'kaggle.zip': {
      ...pictures,
      'train.csv': Object.keys(pictures)
        .map((name, i) => `${path.basename(name, '.png')},${i % 2},${1 - (i % 2)}\n`)
        .reduce((text, row) => text + row, 'id,healthy,rust\n'),
    },
    'msmt17.zip': {
      'train/0000/0000_000_01_x.png': await png(1),
      'train/0001/0001_000_02_x.png': await png(2),
      'test/0000/0000_000_01_x.png': await png(3),
      'test/0000/0000_001_02_x.png': await png(4),
      'list_train.txt': '0000/0000_000_01_x.png 0\n0001/0001_000_02_x.png 1\n',
      'list_query.txt': '0000/0000_000_01_x.png 0\n',
      'list_gallery.txt': '0000/0000_001_02_x.png 0\n',
    },
    'market.zip': Object.fromEntries(
      await Promise.all(market.map(async (name, i) => [`${name}.png`, await png(i)] as const)),
    ),
  }
  for (const [name, entries] of Object.entries(zips)) {
    const bytes = await readFile(await writeZip(path.join(folder, name), entries))
    await rm(path.join(folder, name))
    found.push({ name, bytes, pack: asTheyAre })
  }
  const unmarked = Object.entries(pictures).map(([name, content]) => ({
    ...{ content, unmarked: true, system: 0 },
    name: Buffer.from(name.replaceAll('/', '\\').replace('dark', 'd\xe4rk'), 'latin1'),
  }))
  found.push({ name: 'latin-1 names.zip', bytes: craftZip(unmarked), pack: asTheyAre })
  // A tar keeps no checksums: what is changed comes to the decoders, and to the readers of lists.
  const quoted = { 'labels.csv': Buffer.from(list.replaceAll(/[^,\n]+/g, '"$&"')) }
  const contents = {
    ...{ png: pictures, jpeg: await inJpeg(pictures), list: { ...quoted, ...pictures } },
    others: await inOtherKinds(pictures),
    shards: { 'pets-train-0.tar': shardOf(pictures), 'pets-val-0.tar': shardOf(pictures) },
  }
  for (const [kind, content] of Object.entries(contents)) {
    const bytes = craftTar(Object.entries(content).map(([name, content]) => ({ name, content })))
    found.push({ name: `${kind}.tar`, bytes, pack: asTheyAre })
  }
  return found
}

function shardOf(pictures: Record<string, Buffer>): Buffer {
  const samples = Object.values(pictures).flatMap((content, i) => [
    { name: `${i}.png`, content },
    { name: `${i}.cls`, content: Buffer.from(String(i % 2)) },
  ])
  return craftTar(samples)
}

async function inJpeg(pictures: Record<string, Buffer>): Promise<Record<string, Buffer>> {
  const names = Object.keys(pictures)
  const encoded = await Promise.all(names.map((name) => sharp(pictures[name]).jpeg().toBuffer()))
  return Object.fromEntries(names.map((name, i) => [name.replace('.png', '.jpg'), encoded[i]!]))
}

/** Each image as another of the kinds that are read beside JPEG and PNG, by names without endings. */
async function inOtherKinds(pictures: Record<string, Buffer>): Promise<Record<string, Buffer>> {
  const kinds = ['gif', 'tiff', 'webp', 'avif'] as const
  const encoded = await Promise.all(
    Object.entries(pictures).map(async ([name, content], i) => {
      const kind = kinds[i % kinds.length]!
      return [
        name.replace('.png', ''),
        await sharp(content).ensureAlpha(0.5).toFormat(kind).toBuffer(),
      ] as const
    }),
  )
  return { ...Object.fromEntries(encoded), 'train/dark/a.bmp': bmp(24), 'train/light/b.bmp': bmp(32) }
}

interface Change {
  kind: 'bit' | 'byte' | 'cut' | 'double' | 'zero' | 'swap' | 'end'
  /** 0 to 1 of the archive; heads and lists are small, so that half of the changes are near an end. */
  at: number
  length: number
  value: number
}

const changes: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('bit', 'bit', 'byte', 'byte', 'cut', 'double', 'zero', 'swap', 'end'),
  at: fc.oneof(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 0.02, noNaN: true }),
    fc.double({ min: 0.97, max: 1, noNaN: true }),
  ),
  length: fc.integer({ min: 1, max: 600 }),
  value: fc.integer({ min: 0, max: 255 }),
})

function change(bytes: Buffer, { kind, at, length, value }: Change): Buffer {
  const changed = Buffer.from(bytes)
  const start = Math.min(bytes.length - 1, Math.floor(at * bytes.length))
  const part = changed.subarray(start, start + length)
  switch (kind) {
    case 'bit':
      changed[start]! ^= 1 << (value & 7)
      return changed
    case 'byte':
      changed[start] = value
      return changed
    case 'zero':
      part.fill(0)
      return changed
    case 'swap':
      part.reverse()
      return changed
    case 'cut':
      return Buffer.concat([changed.subarray(0, start), changed.subarray(start + length)])
    case 'double':
      return Buffer.concat([changed.subarray(0, start), part, changed.subarray(start)])
    case 'end':
      return changed.subarray(0, Math.max(1, start))
  }
}

it(
  `stands ${CASES.toLocaleString('en')} broken archives`,
  async () => {
    const outcomes = { imported: 0, refused: 0 }
    const reasons = new Set<string>()
    globalThis.gc?.()
    const memoryBefore = process.memoryUsage().rss
    const archives = fc.nat({ max: corpus.length - 1 })
    await fc.assert(
      fc.asyncProperty(archives, fc.array(changes, { minLength: 1, maxLength: 4 }), async (index, list) => {
        const { name, bytes, pack } = corpus[index]!
        const broken = pack(
          list.reduce((whole, one) => (whole.length > 0 ? change(whole, one) : whole), bytes),
        )
        const error = await importOnce(broken)
        if (error === undefined) outcomes.imported++
        else {
          expect(error, name).toBeInstanceOf(InvalidDatasetError)
          expect((error as InvalidDatasetError).message.length, name).toBeGreaterThan(20)
          reasons.add((error as InvalidDatasetError).message.replace(/[“"(].*/s, ''))
          outcomes.refused++
        }
      }),
      { numRuns: CASES, seed: SEED, endOnFailure: true },
    )
    expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(MAX_GROWTH_BYTES)
    // Neither is a sign of readers that are never reached.
    expect(outcomes.imported).toBeGreaterThan(CASES / 50)
    expect(outcomes.refused).toBeGreaterThan(CASES / 10)
    expect(reasons.size).toBeGreaterThan(5)
  },
  60_000 + CASES * 100,
)

/** @returns what it was refused for, if it was */
async function importOnce(archive: Buffer): Promise<unknown> {
  const file = path.join(folder, 'archive')
  const storage = path.join(folder, 'storage')
  await writeFile(file, archive)
  const started = performance.now()
  const error = await packDataset(file, new DiskStorage(storage), {
    scratch: path.join(folder, 'scratch'),
  }).then(
    () => undefined,
    (problem: unknown) => problem ?? new Error('it failed with nothing'),
  )
  expect(performance.now() - started).toBeLessThan(MAX_MS)
  expect(await readdir(path.join(folder, 'scratch'))).toEqual([])
  expect((await readdir(folder)).filter((name) => !['archive', 'scratch', 'storage'].includes(name))).toEqual(
    [],
  )
  await rm(storage, { recursive: true, force: true })
  return error
}

import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DiskStorage } from '../../../storage/disk.ts'
import { InvalidDatasetError } from '../../../workers/datasets/archives/invalid-dataset-error.ts'
import { packDataset } from '../../../workers/datasets/pack/pack.ts'
import { type CraftedEntry, craftZip } from './crafted-zip.ts'
import { png, twoClasses, writeZip } from './pictures.ts'

let folder: string
let storage: DiskStorage

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hostile-'))
  storage = new DiskStorage(path.join(folder, 'storage'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

async function refusalOf(archive: Buffer | string): Promise<string> {
  const file = typeof archive === 'string' ? archive : path.join(folder, 'archive.zip')
  if (typeof archive !== 'string') await writeFile(file, archive)
  const error = await packDataset(file, storage).catch((problem) => problem)
  expect(error).toBeInstanceOf(InvalidDatasetError)
  return (error as InvalidDatasetError).message
}

const zeros = (bytes: number) => Buffer.alloc(bytes)

const REFUSED: [what: string, entries: CraftedEntry[], words: RegExp][] = [
  ['a name that climbs out', [{ name: 'train/../../x.png' }], /leads outside the dataset/],
  ['an absolute name', [{ name: '/etc/x.png' }], /is absolute/],
  ['a drive letter', [{ name: 'C:/x.png' }], /is absolute/],
  ['a backslash', [{ name: 'train\\..\\..\\x.png' }], /holds a backslash/],
  ['a NUL in a name', [{ name: 'train/a/x\0.png' }], /control characters/],
  ['a name that shows reversed', [{ name: 'train/a/\u202egnp.exe' }], /writing direction/],
  ['a name of 4,000 characters', [{ name: `train/${'a'.repeat(4000)}.png` }], /characters long/],
  ['a symbolic link', [{ name: 'train/a/x.png', mode: 0o120777 }], /symbolic link or a device/],
  ['a device', [{ name: 'train/a/x.png', mode: 0o020666 }], /symbolic link or a device/],
  ['an encrypted file', [{ name: 'train/a/x.png', flags: 1 }], /is encrypted/],
  ['a compression that is not Deflate', [{ name: 'train/a/x.png', method: 12 }], /method 12/],
  ['two files of one name', [{ name: 'train/a/x.png' }, { name: 'train/a/x.png' }], /same name/],
  [
    'names that differ only in how an accent is written',
    [{ name: 'train/a/\u00e9.png' }, { name: 'train/a/e\u0301.png' }],
    /same name/,
  ],
  [
    'entries that share their bytes',
    [{ name: 'train/a/x.png' }, { name: 'train/a/y.png', sameBytesAsPrevious: true }],
    /overlaps/,
  ],
  [
    'more than 100 times its size by its own account',
    [{ name: 'train/a/x.png', content: zeros(4 << 20), deflate: true }],
    /more than 100 times its size/,
  ],
  [
    'a claim of 3 GiB, if the archive is large itself',
    [
      { name: 'filler', content: zeros(32 << 20) },
      ...[1, 2, 3].map((i) => ({ name: `train/a/${i}.png`, content: zeros(100), claimedSize: 2 ** 30 })),
    ],
    /2 GiB/,
  ],
]

describe('an archive is refused whole, before anything is written, for', () => {
  it.each(REFUSED)('%s', async (_, entries, words) => {
    expect(await refusalOf(craftZip(entries))).toMatch(words)
    expect(await readdir(folder)).not.toContain('storage')
  })

  it('a file that unpacks to more than it claims', async () => {
    const harmless = ['train/b/x.png', 'test/a/x.png'].map((name) => ({ name }))
    const bomb = { name: 'train/a/x.png', content: zeros(50 << 20), deflate: true, claimedSize: 1000 }
    const memoryBefore = process.memoryUsage().rss
    expect(await refusalOf(craftZip([bomb, ...harmless]))).toMatch(
      /unpacks to more bytes than the archive says/,
    )
    expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(150 << 20)
  })

  it('a list of images that cannot be unpacked to its end', async () => {
    const rows = Array.from({ length: 99 }, (_, i) => `${i}.png,class ${i % 2}\n`)
    const list = Buffer.from(`path,label\n${rows.join('')}`)
    const content = deflateRawSync(list).subarray(0, -40)
    const entry = { name: 'manifest.csv', content, method: 8, claimedSize: list.length }
    expect(await refusalOf(craftZip([entry, { name: '0.png' }, { name: '1.png' }]))).toMatch(
      /A file that says what is in it cannot be read: it is damaged in the archive/,
    )
  })

  it('more than 200,000 entries', async () => {
    const entries = Array.from({ length: 200_001 }, (_, i) => ({ name: `${i}`, content: zeros(0) }))
    expect(await refusalOf(craftZip(entries))).toMatch(/more than 200,000 entries/)
  })

  it('not being a zip, being cut off, and being empty', async () => {
    const whole = craftZip([{ name: 'train/a/x.png' }])
    expect(await refusalOf(Buffer.from('hello'))).toMatch(/not a zip, tar or tar.gz archive that can be read/)
    expect(await refusalOf(whole.subarray(0, whole.length - 30))).toMatch(
      /not a zip, tar or tar.gz archive that can be read/,
    )
    expect(await refusalOf(craftZip([]))).toMatch(/archive is empty/)
  })
})

describe('a folder is refused for', () => {
  it('a symbolic link, being empty and not being there', async () => {
    const linked = path.join(folder, 'linked')
    await mkdir(linked)
    expect(await refusalOf(linked)).toMatch(/folder is empty/)
    await symlink('/etc/hostname', path.join(linked, 'x.png'))
    expect(await refusalOf(linked)).toMatch(/symbolic link/)
    expect(await refusalOf(path.join(folder, 'nowhere'))).toMatch(/There is nothing at/)
  })
})

describe('the images make no dataset', () => {
  const REASONS: [string, () => Promise<Record<string, Buffer | string>>, RegExp][] = [
    ['with no image', async () => ({ 'train/a/x.txt': 'x' }), /no image in it/],
    [
      'with one class',
      async () => ({ 'a/x.png': await png(1), 'a/y.png': await png(2) }),
      /only one class, “a”/,
    ],
    ['with no class', async () => ({ 'x.png': await png(1) }), /no class/],
    [
      'with a class that has test images only',
      async () => ({
        'train/a/x.png': await png(1),
        'train/b/x.png': await png(2),
        'test/c/x.png': await png(3),
      }),
      /“c” has test images but no training image/,
    ],
    [
      'with a class whose training images are all broken',
      async () => ({
        ...(await twoClasses(4)),
        'train/broken/x.png': 'x',
        'test/broken/x.png': await png(1),
      }),
      /“broken” has no training image that can be read.*train\/broken\/x\.png/,
    ],
    ['with test images alone', async () => ({ 'test/a/x.png': await png(1) }), /no “train” folder/],
    [
      'with nothing left to test with',
      async () => ({ 'a/x.png': await png(1), 'b/x.png': await png(2) }),
      /none is left to test with/,
    ],
  ]
  it.each(REASONS)('%s', async (_, entries, words) => {
    expect(await refusalOf(await writeZip(path.join(folder, 'useless.zip'), await entries()))).toMatch(words)
  })
})

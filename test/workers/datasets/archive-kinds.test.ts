/** What people hand in as an archive, and what its names are written in. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InvalidDatasetError } from '../../../workers/datasets/archives/invalid-dataset-error.ts'
import { packDataset } from '../../../workers/datasets/pack/pack.ts'
import { craftTar } from './crafted-tar.ts'
import { type CraftedEntry, craftZip } from './crafted-zip.ts'
import { Packing } from './packing.ts'
import { png, twoClasses } from './pictures.ts'

let packing: Packing
beforeAll(async () => {
  packing = await Packing.begin()
})
afterAll(() => packing.end())

async function packBytes(bytes: Buffer) {
  const file = path.join(packing.folder, 'archive')
  await writeFile(file, bytes)
  return packDataset(file, packing.storage)
}

async function refusalOf(bytes: Buffer): Promise<string> {
  const error: unknown = await packBytes(bytes).catch((problem) => problem)
  expect(error).toBeInstanceOf(InvalidDatasetError)
  return (error as Error).message
}

describe('what is no archive that is read is called by its name, with what to do', () => {
  it.each([
    ['a 7z archive', '7z\xbc\xaf\x27\x1c\0\x04', 'Unpack it and pack'],
    ['a RAR archive', 'Rar!\x1a\x07\x01\0', 'Unpack it and pack'],
    ['packed by xz', '\xfd7zXZ\0\0\x04', 'Unpack it and pack'],
    ['packed by bzip2', 'BZh91AY&SY', 'Unpack it and pack'],
    ['packed by Zstandard', '\x28\xb5\x2f\xfd\x04', 'Unpack it and pack'],
    ['a web page', '<!DOCTYPE html>\n<html><title>Sign in</title>', 'fetch the file again'],
    ['a Parquet file on its own', 'PAR1\x15\x04', 'Put it into a zip'],
    ['a pointer of Git LFS', 'version https://git-lfs.github.com/spec/v1\noid sha256:00', 'git lfs pull'],
    ['a PDF document', '%PDF-1.7', 'pack the images as a zip'],
    ['a single JPEG image', '\xff\xd8\xff\xe0\0\x10JFIF', 'each class in a folder of its own'],
    ['a MATLAB file', 'MATLAB 5.0 MAT-file, Platform: GLNXA64', 'Save its images as files'],
    ['one part of a split zip', 'PK\x07\x08PK\x03\x04', 'Put the parts together'],
    ['a Python pickle', '\x80\x04\x95\0\0', 'put the batches of CIFAR into a zip'],
    ['a text', 'path,label\na.png,cat\n', 'pack it with them as a zip'],
    ['an XML text', '<?xml version="1.0"?><Error><Code>AccessDenied', 'Fetch the archive again'],
    ['a JSON text', '{"message":"Not Found"}', 'Fetch the archive again'],
  ])('%s', async (words, bytes, remedy) => {
    const message = await refusalOf(Buffer.from(bytes, 'latin1'))
    expect(message).toContain(words)
    expect(message).toContain(remedy)
  })

  it('a file of no bytes', async () => {
    expect(await refusalOf(Buffer.alloc(0))).toContain('The file is empty: 0 bytes')
  })

  it('a zip that was cut short', async () => {
    const whole = craftZip([{ name: 'train/a/x.png' }])
    expect(await refusalOf(whole.subarray(0, whole.length - 30))).toContain(
      'Where it is a zip, its end is missing',
    )
  })

  it.each([
    ['data/train.zip', 'an archive inside the archive: unpack it'],
    ['train.parquet', 'is empty, or too short for a Parquet file'],
    ['train.arrow', 'save its images as files'],
    ['cat/1.dcm', 'a DICOM image, as medical scanners write it: save it as PNG'],
    ['cat/1.mp4', 'a video: save frames of it'],
  ])('%s inside a zip without an image', async (name, words) => {
    const message = await refusalOf(craftZip([{ name }, { name: 'notes.txt' }]))
    expect(message).toContain(`“${name}”`)
    expect(message).toContain(words)
  })
})

describe('the names in a zip', () => {
  async function packNamed(
    names: [string, string],
    encode: (name: string) => Buffer,
    more: Partial<CraftedEntry> = {},
  ) {
    const entries: CraftedEntry[] = []
    for (const [i, name] of names.entries())
      for (const [k, split] of ['train', 'train', 'test'].entries())
        entries.push({
          name: encode(`${split}/${name}/${k}.png`),
          content: await png(3 * i + k),
          unmarked: true,
          ...more,
        })
    const { manifest, report } = await packBytes(craftZip(entries))
    return { classes: manifest.classes, notes: report.notes.join('\n') }
  }

  it('are UTF-8 though nothing says so, as Finder writes them', async () => {
    const { classes, notes } = await packNamed(['café', 'crème'], Buffer.from)
    expect(classes).toEqual(['café', 'crème'])
    expect(notes).not.toContain('Unicode')
  })

  it('are read by the likeliest code page, which is told', async () => {
    const cyrillic = (name: string) =>
      Buffer.from(
        Array.from(name, (letter) => {
          const code = letter.charCodeAt(0)
          return code < 128 ? code : code < 0x440 ? code - 0x430 + 0xa0 : code - 0x440 + 0xe0
        }),
      )
    const { classes, notes } = await packNamed(['кошка', 'собака'], cyrillic)
    expect(classes).toEqual(['кошка', 'собака'])
    expect(notes).toContain('6 names are in no Unicode; they were read as ibm866 (DOS, Cyrillic)')
  })

  it('have slashes where Windows wrote backslashes, and are refused with them from elsewhere', async () => {
    const backslashes = (name: string) => Buffer.from(name.replaceAll('/', '\\'))
    expect((await packNamed(['cat', 'dog'], backslashes, { system: 0 })).classes).toEqual(['cat', 'dog'])
    expect((await packNamed(['cat', 'dog'], backslashes, { system: 10 })).classes).toEqual(['cat', 'dog'])
    const climbing = [{ name: 'train\\..\\..\\x.png', system: 0 }]
    expect(await refusalOf(craftZip(climbing))).toContain('leads outside the dataset')
    expect(await refusalOf(craftZip([{ name: 'train\\a\\x.png' }]))).toContain('backslash')
  })
})

it('a tar of the oldest kind, without a magic word, is read', async () => {
  const entries = Object.entries(await twoClasses(4)).map(([name, content]) => ({ name, content }))
  const tar = craftTar(entries)
  for (let at = 0; at + 512 <= tar.length; at += 512) {
    if (tar.toString('latin1', at + 257, at + 262) !== 'ustar') continue
    tar.fill(0, at + 257, at + 265)
    tar.fill(' ', at + 148, at + 156)
    const sum = tar.subarray(at, at + 512).reduce((total, byte) => total + byte, 0)
    tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148)
  }
  expect((await packBytes(tar)).manifest.classes).toEqual(['dark', 'light'])
})

it('images without an ending, or with another one, are found by their content', async () => {
  const entries = Object.entries(await twoClasses(4))
  const renamed = Object.fromEntries(
    entries.map(([name, content], i) => [name.replace('.png', i % 2 ? '' : '.image'), content]),
  )
  const { manifest, report } = await packing.pack({
    ...renamed,
    'train/dark/README': 'text',
    LICENSE: 'text',
  })
  expect(manifest.splits.train.classCounts).toEqual([4, 4])
  expect(report.ignored.map(({ path: name }) => name).sort()).toEqual(['LICENSE', 'train/dark/README'])
})

it('shards of a WebDataset are read as they are, and their names say the split', async () => {
  const shards: CraftedEntry[] = []
  for (const [k, name] of ['pets-train-00', 'pets-train-01', 'pets-val-00', 'pets-test-00'].entries()) {
    const samples = [0, 1, 2, 3].map(async (i) => [
      { name: `${i}.png`, content: await png(4 * k + i) },
      { name: `${i}.cls`, content: Buffer.from(String(i % 2)) },
    ])
    shards.push({ name: `data/${name}.tar`, content: craftTar((await Promise.all(samples)).flat()) })
  }
  const { manifest, report } = await packBytes(craftZip([...shards, { name: 'README.md' }]))
  const two = { classCounts: [2, 2] }
  const splits = { train: { classCounts: [4, 4] }, validation: two, test: two }
  expect(manifest).toMatchObject({ classes: ['0', '1'], splits })
  expect(report).toMatchObject({ leftOutCount: 0, doubts: [] })
  const linked = craftTar([{ name: 'a.png', type: '2', linkName: '/etc/hostname' }])
  expect(await refusalOf(craftZip([{ name: 'x.tar', content: linked }]))).toMatch(/^“x\.tar”: .* is a link/)
})

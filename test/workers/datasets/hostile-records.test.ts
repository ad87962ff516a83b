import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InvalidDatasetError } from '../../../workers/datasets/archives/invalid-dataset-error.ts'
import { packDataset } from '../../../workers/datasets/pack/pack.ts'
import { type CraftedTarEntry, craftTar, paxed, paxRecord, tarGz } from './crafted-tar.ts'
import { Packing } from './packing.ts'
import { writeZip } from './pictures.ts'

let packing: Packing
beforeAll(async () => {
  packing = await Packing.begin()
})
afterAll(() => packing.end())

async function refusalOf(bytes: Buffer): Promise<string> {
  const file = path.join(packing.folder, 'archive')
  await writeFile(file, bytes)
  const error = await packDataset(file, packing.storage).catch((problem) => problem)
  expect(error).toBeInstanceOf(InvalidDatasetError)
  return (error as InvalidDatasetError).message
}

const content = Buffer.from('content')
const far = Buffer.alloc(12, 0xff)
far[0] = 0x80

const TARS: [what: string, entries: CraftedTarEntry[], words: RegExp][] = [
  ['a name that climbs out', [{ name: 'train/../../x.png', content }], /leads outside/],
  ['an absolute name', [{ name: '/etc/x.png', content }], /is absolute/],
  ['a drive letter', [{ name: 'C:/x.png', content }], /is absolute/],
  ['a backslash', [{ name: 'train\\..\\x.png', content }], /backslash/],
  ['a symbolic link', [{ name: 'train/a/x.png', type: '2', linkName: '/etc/passwd' }], /SymbolicLink/],
  ['a hard link', [{ name: 'train/a/x.png', type: '1', linkName: 'train/a/y.png' }], /is a link/],
  ['a device', [{ name: 'train/a/x.png', type: '3' }], /CharacterDevice/],
  ['a queue', [{ name: 'train/a/x.png', type: '6' }], /FIFO/],
  ['a sparse file', [{ name: 'train/a/x.png', type: 'S', content }], /sparse/],
  [
    'two files of one name',
    [
      { name: 'a/x.png', content },
      { name: 'a/x.png', content },
    ],
    /same name/,
  ],
  [
    'names that differ only in how an accent is written',
    [
      { name: 'a/\u00e9.png', content },
      { name: 'a/e\u0301.png', content },
    ],
    /same name/,
  ],
  [
    'a long name that climbs out',
    paxed(paxRecord('path', '../x.png'), { name: 'x', content }),
    /leads outside/,
  ],
  [
    'a name of 4,000 characters',
    paxed(paxRecord('path', 'a'.repeat(4000)), { name: 'x', content }),
    /characters long/,
  ],
  [
    'a header of 2 MiB',
    paxed(Buffer.alloc(2 << 20, 'a'), { name: 'x', content }),
    /larger than any name needs/,
  ],
  [
    'a header that claims more than there is',
    [{ name: 'a/x.png', content, claimedSize: 2 ** 30 }],
    /Truncated/,
  ],
  ['a header that claims 2^88 bytes', [{ name: 'a/x.png', content, rawSize: far }], /cannot|can be read/],
  [
    'a size of its own in a long header',
    paxed(paxRecord('size', '99999999999'), { name: 'a/x.png', content }),
    /Truncated/,
  ],
  ['a wrong checksum', [{ name: 'a/x.png', content, wrongChecksum: true }], /checksum/],
]

describe('a tar is refused whole for', () => {
  it.each(TARS)('%s', async (_, entries, words) => {
    expect(await refusalOf(craftTar(entries))).toMatch(words)
    expect(await refusalOf(gzipSync(craftTar(entries)))).toMatch(words)
  })

  it('unpacking to more than 100 times its size, by the bytes that come out', async () => {
    const memoryBefore = process.memoryUsage().rss
    const bomb = gzipSync(craftTar([{ name: 'a/x.png', content: Buffer.alloc(64 << 20) }]))
    expect(await refusalOf(bomb)).toMatch(/more than 100 times its size/)
    expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(300 << 20)
  })

  it('being packed twice, cut off, no tar at all, and empty', async () => {
    const whole = gzipSync(craftTar([{ name: 'a/x.png', content }]))
    expect(await refusalOf(gzipSync(whole))).toMatch(/packed twice/)
    expect(await refusalOf(whole.subarray(0, whole.length - 20))).toMatch(/can be read/)
    expect(await refusalOf(gzipSync('hello'))).toMatch(/can be read/)
    expect(await refusalOf(gzipSync(craftTar([])))).toMatch(/can be read/)
    expect(await refusalOf(gzipSync(craftTar([{ name: 'a', type: '5' }])))).toMatch(/archive is empty/)
  })
})

describe('a tar', () => {
  it('whose long name holds a NUL ends the name there', async () => {
    const entries = paxed(paxRecord('path', 'a/x.txt\0.png'), { name: 'x', content })
    expect(await refusalOf(craftTar(entries))).toMatch(/no image in it/)
  })
})

/** A pickle of the lines given, opcodes and all. */
const pickle = (...parts: (string | Buffer)[]) =>
  Buffer.concat([Buffer.from([0x80, 2]), ...parts.map((part) => Buffer.from(part as string, 'latin1'))])

const PICKLES: [what: string, bytes: Buffer, words: RegExp][] = [
  ['a call of os.system', pickle('cos\nsystem\n(U\x02idtR.'), /asks for "os\.system", which is refused/],
  ['a call of builtins.eval', pickle('c__builtin__\neval\n(U\x011tR.'), /__builtin__\.eval/],
  ['a name of Object’s prototype', pickle('cconstructor\nx\n.'), /refused/],
  ['an opcode that builds objects', pickle('(ios\nsystem\n.'), /opcode 0x69/],
  ['a persistent id', pickle('Px\n.'), /opcode 0x50/],
  ['a reference to what is not there', pickle('h\x07.'), /does not have/],
  ['an empty stack', pickle('.'), /a value is missing/],
  ['a mark that is missing', pickle('u.'), /mark is missing/],
  ['a string of 4 GiB', pickle('}(U\x04dataT\xff\xff\xff\xff'), /ends too early/],
  ['no end', pickle('}'), /ends too early/],
  ['an array made of another thing', pickle('cnumpy\nndarray\n(tR.'), /something else than an array/],
  ['a dtype that holds objects', pickle('}U\x04datacnumpy\ndtype\n(U\x01OtRs.'), /no list “labels”/],
  ['a name without an end', pickle(`c${'a'.repeat(5000)}`), /too long/],
  ['a hundred thousand marks', pickle('('.repeat(100_000), '.'), /a value is missing/],
  ['protocol 6', Buffer.from([0x80, 2, 0x80, 6, 0x2e]), /protocol 6/],
  ['a name put together on the stack', pickle('U\x02osU\x06system\x93(U\x02idtR.'), /asks for "os\.system"/],
  ['a codec that runs something', pickle('c_codecs\nencode\n(U\x01xU\x04zlibtR.'), /another way than latin1/],
  ['a string of 2^63 bytes', pickle('}\x8e\xff\xff\xff\xff\xff\xff\xff\x7f'), /ends too early/],
  ['a text line without an end', pickle(`S'${'a'.repeat(5000)}`), /ends too early/],
  ['an escape that is no byte', pickle("S'\\xg1'\n."), /no byte/],
  ['a number without digits', pickle('Ix\n.'), /a number in it/],
  ['an object made without a call', pickle(')\x81.'), /opcode 0x81/],
]

describe('a pickle is refused, and nothing in it done, for', () => {
  it.each(PICKLES)('%s', async (_, bytes, words) => {
    const started = performance.now()
    expect(await refusalOf(tarGz({ 'c/data_batch_1': bytes, 'c/test_batch': bytes }))).toMatch(words)
    expect(performance.now() - started).toBeLessThan(20_000)
  })
})

describe('records are refused for', () => {
  const record = Buffer.alloc(3073)
  const idxHeader = (magic: number, ...sizes: number[]) => {
    const bytes = Buffer.alloc(4 + 4 * sizes.length)
    bytes.writeUInt32BE(magic, 0)
    for (const [i, size] of sizes.entries()) bytes.writeUInt32BE(size, 4 + 4 * i)
    return bytes
  }
  const idx = (pictures: Buffer, labels: Buffer) => ({
    'train-images-idx3-ubyte': pictures,
    'train-labels-idx1-ubyte': labels,
    't10k-images-idx3-ubyte': pictures,
    't10k-labels-idx1-ubyte': labels,
  })
  const CASES: [string, Record<string, Buffer>, RegExp][] = [
    [
      'a size that is no whole number of records',
      { 'data_batch_1.bin': record.subarray(1), 'test_batch.bin': record },
      /no whole number of records of 3073/,
    ],
    [
      'a label out of range',
      {
        'data_batch_1.bin': Buffer.concat([Buffer.from([10]), record.subarray(1)]),
        'test_batch.bin': record,
      },
      /has the label 10; labels are 0 to 9/,
    ],
    [
      'a split that is missing',
      { 'train-images-idx3-ubyte': record },
      /“train-labels-idx1-ubyte” is missing/,
    ],
    [
      'a header of IDX that claims 2^96 bytes',
      idx(idxHeader(2051, 2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1), idxHeader(2049, 2 ** 32 - 1)),
      /it was cut or its header is wrong/,
    ],
    [
      'fewer labels than images',
      idx(
        Buffer.concat([idxHeader(2051, 2, 8, 8), Buffer.alloc(128)]),
        Buffer.concat([idxHeader(2049, 1), Buffer.alloc(1)]),
      ),
      /has 2 images, but .* has 1 labels/,
    ],
    ['another type than bytes', idx(idxHeader(0x0d03, 1, 8, 8), idxHeader(2049, 1)), /no IDX file of bytes/],
  ]
  it.each(CASES)('%s', async (_, entries, words) => {
    expect(await refusalOf(tarGz(entries))).toMatch(words)
  })

  it('a part that is packed to 1,000 times less', async () => {
    const bomb = gzipSync(Buffer.alloc(32 << 20))
    const file = await writeZip(path.join(packing.folder, 'bomb.zip'), {
      'train-images-idx3-ubyte.gz': bomb,
      'train-labels-idx1-ubyte.gz': bomb,
      't10k-images-idx3-ubyte.gz': bomb,
      't10k-labels-idx1-ubyte.gz': bomb,
    })
    await expect(packDataset(file, packing.storage)).rejects.toThrow(/more than 100 times its size/)
  })
})

/** Lists as programs of all sorts write them: what they are encoded in, how they are separated, what is wrong with them. */
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InvalidDatasetError } from '../../../../workers/datasets/archives/invalid-dataset-error.ts'
import { readCsvRows } from '../../../../workers/datasets/lists/csv-rows.ts'
import { readJsonRows } from '../../../../workers/datasets/lists/json-rows.ts'
import { CODE_PAGES, type CodePageName } from '../../../../workers/datasets/text/code-pages.ts'
import { guessCodePage } from '../../../../workers/datasets/text/guess-code-page.ts'
import { Packing } from '../packing.ts'
import { png } from '../pictures.ts'

let packing: Packing
let images: Record<string, Buffer>

beforeAll(async () => {
  packing = await Packing.begin()
  images = Object.fromEntries(
    await Promise.all(['1', '2', '3', '4'].map(async (name) => [`${name}.png`, await png(Number(name))])),
  )
})
afterAll(() => packing.end())

const ROWS = [
  ['path', 'label', 'split'],
  ['1.png', 'Käse', 'train'],
  ['2.png', 'dog', 'train'],
  ['3.png', 'Käse', 'test'],
  ['4.png', 'dog', 'test'],
]
const written = (separator = ',') => ROWS.map((row) => `${row.join(separator)}\r\n`).join('')
const pack = (list: Buffer | string, name = 'labels.csv') => packing.pack({ ...images, [name]: list })

describe('a list of images', () => {
  const utf16 = Buffer.from(`\ufeff${written()}`, 'utf16le')
  it.each([
    ['UTF-8', Buffer.from(written())],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${written()}`)],
    ['UTF-16 as Excel saves it, tabs between', Buffer.from(`\ufeff${written('\t')}`, 'utf16le')],
    ['UTF-16 without a mark', Buffer.from(written(), 'utf16le')],
    ['UTF-16 with the larger byte first', Buffer.from(utf16).swap16()],
    ['semicolons', Buffer.from(written(';'))],
    ['tabs', Buffer.from(written('\t'))],
    ['bars', Buffer.from(written('|'))],
    ['Excel’s sep= line', Buffer.from(`sep=;\r\n${written(';')}`)],
    ['quotation marks around every field', Buffer.from(written().replace(/[^,\r\n]+/g, '"$&"'))],
    ['old Macs’ line ends', Buffer.from(written().replaceAll('\r\n', '\r'))],
  ])('is read in %s, and nothing needs to be told of it', async (_, list) => {
    const { manifest, report } = await pack(list)
    expect(manifest.classes).toEqual(['Käse', 'dog'])
    expect(manifest.splits.train.count + manifest.splits.test.count).toBe(4)
    expect(report.notes.join()).not.toContain('Unicode')
  })

  it('in no Unicode is read by what is likeliest, which is told', async () => {
    const { manifest, report } = await pack(Buffer.from(written(), 'latin1'))
    expect(manifest.classes).toEqual(['Käse', 'dog'])
    expect(report.notes.join('\n')).toContain('“labels.csv” is in no Unicode; it was read as windows-1252')
  })

  it('keeps a semicolon inside a field that commas end', async () => {
    const { manifest } = await pack(written().replaceAll('dog', '"dog; domestic, small"'))
    expect(manifest.classes).toEqual(['Käse', 'dog; domestic, small'])
  })

  it('as JSON lines is read with a byte order mark, and in UTF-16', async () => {
    const lines = ROWS.slice(1).map(([path, label, split]) => JSON.stringify({ path, label, split }))
    const text = `\ufeff${lines.join('\r\n')}`
    for (const list of [Buffer.from(text), Buffer.from(text, 'utf16le')])
      expect((await pack(list, 'metadata.jsonl')).manifest.classes).toEqual(['Käse', 'dog'])
  })
})

describe('a list that is no CSV is refused with its name and the line', () => {
  it.each([
    ['a mark inside a field', '1.png,Rosa "Peace"', 2, 'write each one inside it twice'],
    ['text after a closing mark', '1.png,"Rosa" Peace', 2, 'between a closing quotation mark'],
    ['a field that is not closed', '1.png,a\n2.png,"b', 3, 'that nothing closes'],
    ['a line without end', `1.png,${'x'.repeat(70_000)}`, 2, 'longer than 64 KiB'],
  ])('%s', async (_, rows, line, words) => {
    const refusal: unknown = await pack(`path,label\n${rows}\n`).catch((error) => error)
    expect(refusal).toBeInstanceOf(InvalidDatasetError)
    expect((refusal as Error).message).toMatch(new RegExp(`^“labels.csv”, line ${line}: .*${words}`))
  })

  it('and so is any heap of quotation marks, separators and line ends: no error of a library comes through', async () => {
    const pieces = fc.array(
      fc.constantFrom('"', '""', ',', ';', '\t', '\n', '\r\n', '\0', '\\', 'a', ' ', '{', 'path,label\n'),
    )
    await fc.assert(
      fc.asyncProperty(pieces, fc.constantFrom(readCsvRows, readJsonRows), async (parts, read) => {
        const rows = read(Readable.from(['path,label\n', ...parts]), 'labels.csv')
        const error: unknown = await Readable.from(rows)
          .toArray()
          .catch((problem: unknown) => problem)
        if (error instanceof Error) expect(error).toBeInstanceOf(InvalidDatasetError)
      }),
      { seed: 1, numRuns: 2_000 },
    )
  })

  it('a line that is no JSON', async () => {
    await expect(pack('{"path":"1.png","label":"a"}\n{oops', 'metadata.jsonl')).rejects.toThrow(
      'Line 2 of “metadata.jsonl” is no JSON object',
    )
  })
})

describe('names without a word on their encoding', () => {
  /** Encoded by Python’s codecs. */
  const SAMPLES: [CodePageName, string, string][] = [
    ['windows-1252', '4be47365', 'Käse'],
    ['cp850', '4b847365', 'Käse'],
    ['cp866', 'aaaee8aaa0', 'кошка'],
    ['windows-1251', 'eaeef8eae0', 'кошка'],
    ['koi8-r', 'f3cfc2c1cbc1', 'Собака'],
    ['shift_jis', '8eca905e2f82cb82b1', '写真/ねこ'],
    ['gb18030', 'd1b5c1b7bcaf2fc6bbb9fb', '训练集/苹果'],
    ['euc-kr', 'b0edbee7c0cc', '고양이'],
    ['big5', 'b056bd6d2fc4abaa47', '訓練/蘋果'],
  ]

  it.each(SAMPLES)('are read as %s', (name, hex, text) => {
    const bytes = Buffer.from(hex, 'hex')
    expect(guessCodePage([bytes])).toBe(name)
    expect(CODE_PAGES[name].decoder(true).decode(bytes)).toBe(text)
  })
})

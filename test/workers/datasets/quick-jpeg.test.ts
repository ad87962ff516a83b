import sharp, { type JpegOptions } from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openZip } from '../../../workers/datasets/archives/zip-files.ts'
import { readPlainJpeg } from '../../../workers/datasets/pictures/plain-jpeg.ts'
import { decodeJpeg } from '../../../workers/datasets/pictures/quick-jpeg.ts'
import { Packing } from './packing.ts'
import { encode, makePixels, twoClasses } from './pictures.ts'

const START_OF_FRAME = 0xc0
const START_OF_SCAN = 0xda

let packing: Packing
/** Images that people drew, from a sample of the product. */
let drawings: Buffer[]

beforeAll(async () => {
  packing = await Packing.begin()
  drawings = await readSample(12)
})
afterAll(() => packing.end())

async function readSample(count: number): Promise<Buffer[]> {
  const zip = await openZip('samples/omniglot-sample.zip')
  const pictures = zip.list.filter(({ path }) => /\.(png|jpg)$/.test(path))
  const chosen = Array.from({ length: count }, (_, i) => pictures[Math.floor((i * pictures.length) / count)]!)
  const read = await Promise.all(chosen.map((file) => zip.read(file)))
  await zip.close()
  return read
}

async function decodeBySharp(jpeg: Buffer): Promise<Buffer> {
  const picture = sharp(jpeg, { failOn: 'warning', autoOrient: true })
  const { space } = await picture.metadata()
  return picture
    .toColourspace(space === 'b-w' ? 'b-w' : 'srgb')
    .raw()
    .toBuffer()
}

/** Where a marker's segment begins. */
function findSegment(jpeg: Buffer, marker: number): number {
  const at = jpeg.indexOf(Buffer.from([0xff, marker]))
  expect(at).toBeGreaterThan(0)
  return at
}

function changed(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = value
  return copy
}

describe('a plain JPEG', () => {
  const ways: [string, JpegOptions][] = [
    ['as most are written', {}],
    ['of quality 1', { quality: 1 }],
    ['of quality 100', { quality: 100 }],
    ['with colours of full size', { chromaSubsampling: '4:4:4' }],
    ['with codes of its own', { optimiseCoding: true }],
    ['of several scans', { progressive: true }],
    ['of mozjpeg', { mozjpeg: true }],
  ]

  it.each(ways)('%s has the pixels that sharp finds in it, byte by byte', async (_, options) => {
    const sizes = [
      [8, 8],
      [32, 32],
      [33, 17],
      [64, 128],
      [1, 1],
    ] as const
    for (const [i, [width, height]] of sizes.entries()) {
      for (const channels of [1, 3] as const) {
        const noise = encode(makePixels(i, width, height, channels))
        const drawing = sharp(drawings[i])
          .resize(width, height, { fit: 'fill' })
          .tint(channels === 3 ? '#e7a030' : '#888888')
        for (const picture of [
          noise,
          channels === 3 ? drawing.toColourspace('srgb') : drawing.toColourspace('b-w'),
        ]) {
          const jpeg = await picture.jpeg(options).toBuffer()
          const shape = readPlainJpeg(jpeg)
          expect(shape).toEqual({ height, width, channels })
          const pixels = await decodeJpeg(jpeg, shape!)
          expect(pixels?.equals(await decodeBySharp(jpeg))).toBe(true)
        }
      }
    }
  })

  it('is taken for plain with a comment, and with more behind its end', async () => {
    const jpeg = await encode(makePixels(1)).jpeg().toBuffer()
    const comment = Buffer.from([0xff, 0xfe, 0, 4, 65, 66])
    const written = Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2), Buffer.from('more')])
    expect(readPlainJpeg(written)).toEqual({ height: 8, width: 8, channels: 3 })
    expect(await decodeJpeg(written, readPlainJpeg(written)!)).toEqual(await decodeBySharp(written))
  })
})

describe('a JPEG that is more than its pixels is left to sharp', () => {
  it('where it is to be turned, is in CMYK, or has a colour profile', async () => {
    const picture = () => encode(makePixels(1, 8, 16))
    const others = [
      picture().withMetadata({ orientation: 6 }).jpeg(),
      picture().toColourspace('cmyk').jpeg(),
      picture().withIccProfile('p3').jpeg(),
      picture()
        .withExif({ IFD0: { Copyright: 'somebody' } })
        .jpeg(),
    ]
    for (const other of others) expect(readPlainJpeg(await other.toBuffer())).toBeUndefined()
  })

  it('where its frame is of a kind that is seldom seen', async () => {
    const jpeg = await encode(makePixels(1)).jpeg().toBuffer()
    const frame = findSegment(jpeg, START_OF_FRAME)
    expect(readPlainJpeg(jpeg)).toBeDefined()
    const kinds = { extended: 0xc1, lossless: 0xc3, arithmetic: 0xc9, 'arithmetic, several scans': 0xca }
    for (const [kind, marker] of Object.entries(kinds))
      expect(readPlainJpeg(changed(jpeg, frame + 1, marker)), kind).toBeUndefined()
    expect(readPlainJpeg(changed(jpeg, frame + 4, 12)), '12 bits').toBeUndefined()
    expect(readPlainJpeg(changed(jpeg, frame + 6, 0)), 'no height').toBeUndefined()
    expect(readPlainJpeg(changed(jpeg, frame + 9, 4)), 'four channels').toBeUndefined()
  })

  it('where Adobe’s segment says how its colours are meant', async () => {
    const jpeg = await encode(makePixels(1)).jpeg().toBuffer()
    const adobe = Buffer.from([0xff, 0xee, 0, 14, ...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, 0])
    expect(readPlainJpeg(Buffer.concat([jpeg.subarray(0, 2), adobe, jpeg.subarray(2)]))).toBeUndefined()
  })

  it('where it has scans without end', async () => {
    const jpeg = await encode(makePixels(1)).jpeg({ progressive: true }).toBuffer()
    const scans = Array.from({ length: 20 }, () => jpeg.subarray(findSegment(jpeg, START_OF_SCAN), -2))
    expect(readPlainJpeg(Buffer.concat([jpeg.subarray(0, -2), ...scans, jpeg.subarray(-2)]))).toBeUndefined()
  })

  it('where it is cut off anywhere: whatever is decoded still, sharp decodes as well', async () => {
    const jpeg = await encode(makePixels(2)).jpeg().toBuffer()
    for (let end = 1; end < jpeg.length - 1; end++) {
      const cut = jpeg.subarray(0, end)
      const shape = readPlainJpeg(cut)
      expect(shape && (await decodeJpeg(cut, shape)), `${end} bytes`).toBeUndefined()
    }
  })

  it('where libjpeg-turbo has but a warning to tell', async () => {
    const jpeg = await encode(makePixels(3, 32, 32))
      .jpeg()
      .toBuffer()
    let refused = 0
    for (let at = findSegment(jpeg, START_OF_SCAN) + 14; at < jpeg.length - 2; at += 3) {
      const damaged = changed(jpeg, at, jpeg[at]! ^ 0x55)
      const pixels = await decodeJpeg(damaged, readPlainJpeg(damaged)!)
      if (pixels) await decodeBySharp(damaged)
      else refused++
    }
    expect(refused).toBeGreaterThan(20)
  })
})

it('the pixels of one image stay when the next is decoded', async () => {
  const [one, other] = await Promise.all([5, 6].map((seed) => encode(makePixels(seed)).jpeg().toBuffer()))
  const pixels = await decodeJpeg(one!, readPlainJpeg(one!)!)
  await decodeJpeg(other!, readPlainJpeg(other!)!)
  expect(pixels).toEqual(await decodeBySharp(one!))
})

it('thousands of damaged images do not wear the decoder out', async () => {
  const jpeg = await encode(makePixels(4)).jpeg().toBuffer()
  const shape = readPlainJpeg(jpeg)!
  for (let i = 0; i < 6_000; i++) await decodeJpeg(jpeg.subarray(0, -30), shape)
  expect(await decodeJpeg(jpeg, shape)).toEqual(await decodeBySharp(jpeg))
})

it('hundreds of damaged images are each named, and the others keep every byte', async () => {
  const entries = await twoClasses(1)
  const good: Buffer[] = []
  for (let i = 0; i < 250; i++) {
    const jpeg = await encode(makePixels(i)).jpeg().toBuffer()
    entries[`train/dark/${i}.jpg`] = jpeg.subarray(0, -30)
    entries[`train/light/${1000 + i}.jpg`] = jpeg
    good.push(await decodeBySharp(jpeg))
  }
  const { manifest, report } = await packing.pack(entries)
  expect(report.leftOutCount).toBe(250)
  expect(report.leftOut[0]).toEqual({
    path: 'train/dark/0.jpg',
    reason: 'it cannot be decoded: it is damaged or cut short',
  })
  const light = (await packing.bytesOf(manifest.splits.train)).subarray(2 * 8 * 8 * 3)
  expect(light.equals(Buffer.concat(good))).toBe(true)
})

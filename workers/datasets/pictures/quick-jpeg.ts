/**
 * Why there is a second JPEG decoder beside sharp: on 2 cores a zip of 60,000 JPEGs of 32 x 32 is imported in 6.6 to 7.3 s
 * with it and in 36.0 s with sharp alone, whose threads cost more than so small an image. libjpeg-turbo reports the same
 * damage as sharp does; TensorFlow's decoder was tried and left, since it accepted 51 of 1,500 damaged images that
 * sharp refuses.
 */
import { createRequire } from 'node:module'
import type { PictureShape } from './picture-shape.ts'

/** What is used of the codec, which comes without declarations. */
interface Decoder {
  /** Room for so many encoded bytes, to be filled before `decode`. */
  getEncodedBuffer(byteLength: number): Uint8Array
  /** Throws where libjpeg-turbo tells of an error or a warning. */
  decode(): void
  getFrameInfo(): { width: number; height: number; componentCount: number }
  /** uint8 HWC, in memory of its own. */
  getDecodedBuffer(): Uint8Array
}
type LoadCodec = () => Promise<{ JPEGDecoder: new () => Decoder }>

const require = createRequire(import.meta.url)

/** A failure leaves some of the codec's stack taken, which has room for thousands of them; then it is loaded anew. */
const MAX_FAILURES = 100

let loaded: Promise<Decoder> | undefined
let failures = 0

/**
 * Decodes a plain JPEG (plain-jpeg.ts) synchronously, by libjpeg-turbo as WebAssembly, whose memory a hostile image
 * cannot leave. The pixels are those that sharp's libjpeg gives, byte by byte.
 * @returns uint8 HWC, or undefined where it is damaged in the least: then sharp is to be asked, and says why
 */
export async function decodeJpeg(
  bytes: Buffer,
  { height, width, channels }: PictureShape,
): Promise<Buffer | undefined> {
  loaded ??= loadDecoder()
  const decoder = await loaded
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes)
    decoder.decode()
    const { height: rows, width: columns, componentCount } = decoder.getFrameInfo()
    if (rows !== height || columns !== width || componentCount !== channels) return undefined
    const pixels = decoder.getDecodedBuffer()
    return Buffer.from(pixels.buffer, pixels.byteOffset, pixels.length)
  } catch (failure) {
    // Its own failures are thrown as numbers; after any other the codec is in no state that is known.
    failures += typeof failure === 'number' ? 1 : MAX_FAILURES
    if (failures >= MAX_FAILURES) {
      loaded = undefined
      failures = 0
    }
    return undefined
  }
}

async function loadDecoder(): Promise<Decoder> {
  const load = require('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs') as LoadCodec
  const { JPEGDecoder } = await load()
  return new JPEGDecoder()
}

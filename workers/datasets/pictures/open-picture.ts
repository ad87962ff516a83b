/** The one place that hands images to a decoder. */
import sharp, { type Sharp } from 'sharp'
import { HEAD_BYTES, recognizeFile } from '../../../contract/image-kinds.ts'
import { UnreadableFileError } from '../archives/unreadable-file-error.ts'
import { decodeBmp, readBmpSize } from './bmp.ts'
import { mendJpeg } from './mend-jpeg.ts'

// Whatever a file's name says, its bytes can only be one of these: no SVG, no PDF, nothing with a larger surface.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadNsgifBuffer',
    'VipsForeignLoadTiffBuffer',
    'VipsForeignLoadHeifBuffer',
  ],
})
// Several images are decoded side by side; threads within one would only get in their way.
sharp.concurrency(1)
sharp.cache(false)

/** Room for the 64 million pixels of a phone. */
export const MAX_PIXELS = 2 ** 26
const OPTIONS = { failOn: 'warning', autoOrient: true } as const

/** An image's first frame, upright, for a decoder. @throws UnreadableFileError that says what it is, if no image */
export function openPicture(bytes: Buffer, maxPixels = MAX_PIXELS): Sharp {
  const recognized = recognizeFile(bytes.subarray(0, HEAD_BYTES))
  if (recognized.format === null) {
    const { words, remedy } = recognized
    throw new UnreadableFileError(
      words ? `it is ${words}; ${remedy}` : 'it is no JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF image',
    )
  }
  if (recognized.format === 'BMP') {
    const { pixels, ...raw } = decodeBmp(bytes, maxPixels)
    return sharp(pixels, { raw })
  }
  return sharp(recognized.format === 'JPEG' ? mendJpeg(bytes) : bytes, {
    ...OPTIONS,
    limitInputPixels: maxPixels,
  })
}

export interface PictureHeader {
  /** Upright. */
  height: number
  width: number
  isGrey: boolean
  hasAlpha: boolean
}

/** Reads an image's header, however large the image is. @throws UnreadableFileError */
export async function readHeader(bytes: Buffer): Promise<PictureHeader> {
  if (recognizeFile(bytes.subarray(0, HEAD_BYTES)).format === 'BMP')
    return { ...readBmpSize(bytes), isGrey: false, hasAlpha: false }
  // Nothing is decoded here: the size may be whatever it is, and is refused in our own words.
  const header = await openPicture(bytes, Number.MAX_SAFE_INTEGER)
    .metadata()
    .catch((error) => {
      throw new UnreadableFileError(reasonOf(error))
    })
  if (!isReadDepth(header.depth))
    throw new UnreadableFileError(
      `its pixels are numbers of the kind “${header.depth}”; save it with 8 or 16 bits`,
    )
  const { width, height } = header.autoOrient
  const isGrey = header.space === 'b-w' || header.space === 'grey16'
  return { height, width, isGrey, hasAlpha: header.hasAlpha }
}

/** Of bits that stand for brightness; what floating-point numbers stand for only their makers know. */
function isReadDepth(depth: string | undefined): boolean {
  return depth === 'uchar' || depth === 'ushort'
}

/** libvips gathers its messages for the whole process: with several images under way they may be another's. */
export function reasonOf(error: unknown): string {
  if (error instanceof UnreadableFileError) return error.message
  const isUnsupported = error instanceof Error && error.message.includes('unsupported image format')
  return isUnsupported
    ? 'its encoding is not read; save it as JPEG or PNG'
    : 'it cannot be decoded: it is damaged or cut short'
}

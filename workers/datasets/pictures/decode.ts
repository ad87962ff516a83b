/** The one place that decodes images. */
import sharp, { type Sharp } from 'sharp'
import type { DatasetFiles } from '../archives/dataset-files.ts'
import type { DatasetFile } from '../archives/file-source.ts'
import { UnreadableFileError } from '../archives/unreadable-file-error.ts'
import { inOneChannel } from './channels.ts'
import type { PictureShape } from './picture-shape.ts'
import { readPlainJpeg } from './plain-jpeg.ts'
import { readPlainPng } from './plain-png.ts'
import { decodeJpeg } from './quick-jpeg.ts'
import { decodePng } from './quick-png.ts'
import type { RawPicture } from './raw-pictures.ts'

// Whatever a file's name says, its bytes can only be one of these three: no SVG, no GIF, nothing with a larger surface.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
})
// Several images are decoded side by side; threads within one would only get in their way.
sharp.concurrency(1)
sharp.cache(false)

const MIB = 1024 * 1024
const MAX_FILE_BYTES = 64 * MIB
const MAX_PIXELS = 2 ** 25
/** More than there are cores, so that none of them waits while a file is read. */
export const PICTURES_AT_A_TIME = 6

const OPTIONS = { limitInputPixels: MAX_PIXELS, failOn: 'warning', autoOrient: true } as const

/** Images of at most so many bytes and pixels are decoded while they are looked at: the header alone costs half as much. */
const MAX_SMALL_BYTES = 64 * 1024
const MAX_SMALL_PIXELS = 2 ** 14

export interface SeenPicture {
  found: PictureShape
  /** uint8 HWC in that very shape, where it is so small that it was decoded at once. */
  pixels?: Buffer
}

/** Looks at an image: its shape, and its pixels where they are few. @throws UnreadableFileError */
export async function lookAtPicture(files: DatasetFiles, file: DatasetFile): Promise<SeenPicture> {
  const isSmall = file.byteLength > 0 && file.byteLength <= MAX_SMALL_BYTES
  const seen = isSmall ? await decodeSmall(await files.read(file)) : undefined
  return seen ?? { found: await inspectPicture(files, file) }
}

/** Undefined where it has too many pixels or cannot be decoded: then its header is to be read, and says why. */
async function decodeSmall(bytes: Buffer): Promise<SeenPicture | undefined> {
  const plain = await decodePlain(bytes)
  if (plain) return plain
  const decoded = await sharp(bytes, { ...OPTIONS, limitInputPixels: MAX_SMALL_PIXELS })
    .removeAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch(() => undefined)
  if (decoded?.info.channels !== 3) return undefined
  const { data, info } = decoded
  const { width, height } = info
  const isGrey = looksGrey(data) && isStoredGrey(await sharp(bytes, OPTIONS).metadata())
  if (!isGrey) return { found: { height, width, channels: 3 }, pixels: data }
  return { found: { height, width, channels: 1 }, pixels: inOneChannel(data) }
}

/** The kinds that datasets of small images are mostly made of, decoded without a thread to the bytes that sharp gives. */
async function decodePlain(bytes: Buffer): Promise<SeenPicture | undefined> {
  const jpeg = readPlainJpeg(bytes)
  const png = jpeg ? undefined : readPlainPng(bytes)
  const found = jpeg ?? png?.shape
  if (!found || found.height * found.width > MAX_SMALL_PIXELS) return undefined
  const pixels = png ? decodePng(png) : await decodeJpeg(bytes, found)
  return pixels && { found, pixels }
}

function looksGrey(pixels: Buffer): boolean {
  for (let i = 0; i < pixels.length; i += 3)
    if (pixels[i] !== pixels[i + 1] || pixels[i] !== pixels[i + 2]) return false
  return true
}

function isStoredGrey({ space }: { space?: string | undefined }): boolean {
  return space === 'b-w' || space === 'grey16'
}

/** Reads an image's header: its upright size, and 1 channel where it is stored as grey. @throws UnreadableFileError */
async function inspectPicture(files: DatasetFiles, file: DatasetFile): Promise<PictureShape> {
  const bytes = await readPicture(files, file)
  // Nothing is decoded here: the size may be whatever it is, and is refused in our own words.
  const header = await sharp(bytes, { ...OPTIONS, limitInputPixels: false })
    .metadata()
    .catch((error) => {
      throw new UnreadableFileError(reasonOf(error))
    })
  const { width, height } = header.autoOrient
  if (width * height > MAX_PIXELS)
    throw new UnreadableFileError(
      `${width}×${height} is more than the ${Math.floor(MAX_PIXELS / 1e6)} million pixels allowed`,
    )
  return { height, width, channels: isStoredGrey(header) ? 1 : 3 }
}

/**
 * Decodes an image into uint8 HWC: the first frame, upright, in sRGB or grey, without transparency.
 * Another size is brought to the wanted one as torchvision's Resize and CenterCrop do: scaled (bilinear, antialiased)
 * until it covers the wanted size, the overhang cut off evenly, so that nothing is distorted.
 * @throws UnreadableFileError
 */
export async function decodePicture(
  files: DatasetFiles,
  file: DatasetFile,
  found: PictureShape,
  wanted: PictureShape,
): Promise<Uint8Array> {
  return bring(sharp(await readPicture(files, file), OPTIONS).removeAlpha(), found, wanted)
}

/** A raw image, brought to the wanted shape as one that was decoded. @throws UnreadableFileError */
export async function readRaw({ pictures, index }: RawPicture, wanted: PictureShape): Promise<Uint8Array> {
  const { shape } = pictures
  const pixels = await pictures.read(index)
  const { height, width, channels } = wanted
  if (shape.height === height && shape.width === width && shape.channels === channels) return pixels
  const picture = sharp(pixels, { raw: shape })
  return bring(shape.channels === 1 ? picture.toColourspace('b-w') : picture, shape, wanted)
}

async function bring(picture: Sharp, found: PictureShape, wanted: PictureShape): Promise<Uint8Array> {
  let brought = picture
  if (found.height !== wanted.height || found.width !== wanted.width)
    brought = brought.resize(wanted.width, wanted.height, { fit: 'cover', kernel: 'linear' })
  brought = brought.toColourspace(wanted.channels === 1 ? 'b-w' : 'srgb')
  try {
    return await brought.raw({ depth: 'uchar' }).toBuffer()
  } catch (error) {
    throw new UnreadableFileError(reasonOf(error))
  }
}

async function readPicture(files: DatasetFiles, file: DatasetFile): Promise<Buffer> {
  if (file.byteLength === 0) throw new UnreadableFileError('it is empty')
  if (file.byteLength > MAX_FILE_BYTES)
    throw new UnreadableFileError(`it is larger than ${MAX_FILE_BYTES / MIB} MiB`)
  return files.read(file)
}

/** libvips gathers its messages for the whole process: with several images under way they may be another's. */
function reasonOf(error: unknown): string {
  const isUnsupported = error instanceof Error && error.message.includes('unsupported image format')
  return isUnsupported
    ? 'it is no JPEG, PNG or WebP image'
    : 'it cannot be decoded: it is damaged or cut short'
}

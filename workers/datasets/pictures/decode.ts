/** From a file to the pixels of a dataset's shape. */
import sharp, { type Sharp } from 'sharp'
import { type Preparation, USUAL_PREPARATION, WHITE } from '../../../contract/packed/preparation.ts'
import type { DatasetFiles } from '../archives/dataset-files.ts'
import type { DatasetFile } from '../archives/file-source.ts'
import { UnreadableFileError } from '../archives/unreadable-file-error.ts'
import { inOneChannel } from './channels.ts'
import { MAX_PIXELS, openPicture, readHeader, reasonOf } from './open-picture.ts'
import type { PictureShape } from './picture-shape.ts'
import { readPlainJpeg } from './plain-jpeg.ts'
import { readPlainPng } from './plain-png.ts'
import { decodeJpeg } from './quick-jpeg.ts'
import { decodePng } from './quick-png.ts'
import type { RawPicture } from './raw-pictures.ts'
import { Turns } from './turns.ts'

const MIB = 1024 * 1024
const MAX_FILE_BYTES = 64 * MIB
/** More than there are cores, so that none of them waits while a file is read. */
export const PICTURES_AT_A_TIME = 6

/** Images of at most so many bytes and pixels are decoded while they are looked at: the header alone costs half as much. */
const MAX_SMALL_BYTES = 64 * 1024
const MAX_SMALL_PIXELS = 2 ** 14

/** Larger ones may have to be held whole, some hundred MiB each: they are decoded one at a time. */
const MAX_SHARED_PIXELS = 2 ** 24
const large = new Turns()

export interface SeenPicture {
  found: PictureShape
  /** It can be transparent in places: then it lies on the background. */
  hasAlpha: boolean
  /** uint8 HWC in that very shape, where it is so small that it was decoded at once. */
  pixels?: Buffer
}

/** Looks at an image: its shape, and its pixels where they are few. @throws UnreadableFileError */
export async function lookAtPicture(
  files: DatasetFiles,
  file: DatasetFile,
  { background }: Preparation = USUAL_PREPARATION,
): Promise<SeenPicture> {
  const bytes = await readPicture(files, file)
  const plain = bytes.length <= MAX_SMALL_BYTES ? await decodePlain(bytes) : undefined
  if (plain) return plain
  const { height, width, isGrey, hasAlpha } = await readHeader(bytes)
  if (width * height > MAX_PIXELS)
    throw new UnreadableFileError(
      `${width}×${height} is more than the ${Math.floor(MAX_PIXELS / 1e6)} million pixels allowed`,
    )
  const staysGrey = isGrey && (!hasAlpha || isNeutral(background))
  const found: PictureShape = { height, width, channels: staysGrey ? 1 : 3 }
  if (bytes.length > MAX_SMALL_BYTES || width * height > MAX_SMALL_PIXELS) return { found, hasAlpha }
  const pixels = await decodeSmall(bytes, background)
  return pixels ? { found, hasAlpha, pixels: staysGrey ? inOneChannel(pixels) : pixels } : { found, hasAlpha }
}

/** The kinds that datasets of small images are mostly made of, decoded without a thread to the bytes that sharp gives. */
async function decodePlain(bytes: Buffer): Promise<SeenPicture | undefined> {
  const jpeg = readPlainJpeg(bytes)
  const png = jpeg ? undefined : readPlainPng(bytes)
  const found = jpeg ?? png?.shape
  if (!found || found.height * found.width > MAX_SMALL_PIXELS) return undefined
  const pixels = png ? decodePng(png) : await decodeJpeg(bytes, found)
  return pixels && { found, hasAlpha: false, pixels }
}

/** As RGB. Undefined where it cannot be decoded: it is tried again when it is packed, which says why. */
async function decodeSmall(bytes: Buffer, background: string | null): Promise<Buffer | undefined> {
  const decoded = await layOn(openPicture(bytes, MAX_SMALL_PIXELS), background)
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch(() => undefined)
  return decoded?.info.channels === 3 ? decoded.data : undefined
}

/**
 * Decodes an image into uint8 HWC: the first frame, upright, in sRGB or grey, transparent parts on the background.
 * Another size is brought to the wanted one by bilinear, antialiased scaling, in the way that the preparation says.
 * @throws UnreadableFileError
 */
export async function decodePicture(
  files: DatasetFiles,
  file: DatasetFile,
  found: PictureShape,
  wanted: PictureShape,
  preparation: Preparation = USUAL_PREPARATION,
): Promise<Uint8Array> {
  const bytes = await readPicture(files, file)
  const work = () => bring(layOn(openPicture(bytes), preparation.background), found, wanted, preparation)
  return found.width * found.height > MAX_SHARED_PIXELS ? large.take(work) : work()
}

/** A raw image, brought to the wanted shape as one that was decoded. @throws UnreadableFileError */
export async function readRaw(
  { pictures, index }: RawPicture,
  wanted: PictureShape,
  preparation: Preparation = USUAL_PREPARATION,
): Promise<Uint8Array> {
  const { shape } = pictures
  const pixels = await pictures.read(index)
  const { height, width, channels } = wanted
  if (shape.height === height && shape.width === width && shape.channels === channels) return pixels
  const picture = sharp(pixels, { raw: shape })
  return bring(shape.channels === 1 ? picture.toColourspace('b-w') : picture, shape, wanted, preparation)
}

/** A grey image is on a coloured background as any other is: in colours. */
function layOn(picture: Sharp, background: string | null): Sharp {
  if (background === null) return picture.removeAlpha()
  return (isNeutral(background) ? picture : picture.pipelineColourspace('srgb')).flatten({ background })
}

function isNeutral(background: string | null): boolean {
  return background === null || /^#(..)\1\1$/.test(background)
}

const FITS = { COVER: 'cover', CONTAIN: 'contain', STRETCH: 'fill' } as const

async function bring(
  picture: Sharp,
  found: PictureShape,
  wanted: PictureShape,
  { fit, background }: Preparation,
): Promise<Uint8Array> {
  let brought = picture
  if (found.height !== wanted.height || found.width !== wanted.width)
    brought = brought.resize(wanted.width, wanted.height, {
      fit: FITS[fit],
      kernel: 'linear',
      background: background ?? WHITE,
    })
  brought = brought.removeAlpha().toColourspace(wanted.channels === 1 ? 'b-w' : 'srgb')
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

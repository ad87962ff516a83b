import { HEAD_BYTES, recognizeFile } from '../../../../contract/image-kinds.ts'
import type { Rgba } from './resize-and-crop.ts'

/** As for an import. */
const MAX_PIXELS = 2 ** 26
const MAX_BYTES = 64 * 1024 * 1024

/** An image that cannot be used; the message says why, and what to do. */
export class UnreadableImageError extends Error {}

/**
 * Decodes an image as the import does: of any kind but TIFF, which browsers do not show; with its
 * orientation applied, in sRGB. What is transparent stays so: what it lies on is the model's affair.
 * @throws UnreadableImageError
 */
export async function decodePicture(file: Blob & { name?: string }): Promise<Rgba> {
  await refuseOthers(file)
  await refuseLarge(file)
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch((error) => {
    throw new UnreadableImageError('The image cannot be decoded: it is damaged or cut short.', {
      cause: error,
    })
  })
  try {
    return readPixels(bitmap)
  } finally {
    bitmap.close()
  }
}

async function refuseOthers(file: Blob & { name?: string }): Promise<void> {
  const name = file.name || 'What was pasted'
  if (file.size === 0) throw new UnreadableImageError(`${name} is empty.`)
  if (file.size > MAX_BYTES)
    throw new UnreadableImageError(`${name} is larger than 64 MiB. Take a smaller one.`)
  const recognized = recognizeFile(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()))
  if (recognized.format === 'TIFF')
    throw new UnreadableImageError(`${name} is a TIFF image, which browsers do not show. Save it as PNG.`)
  if (recognized.format !== null) return
  const { words, remedy } = recognized
  const what = words ? `${name} is ${words}` : `${name} is not an image that can be read here`
  throw new UnreadableImageError(`${what}: ${remedy}.`)
}

/** Uses an image element, which reads the size without decoding the pixels. */
async function refuseLarge(file: Blob): Promise<void> {
  const url = URL.createObjectURL(file)
  try {
    const image = new Image()
    await new Promise((resolve, reject) => {
      image.onload = resolve
      image.onerror = () =>
        reject(new UnreadableImageError('The image cannot be decoded: it is damaged or cut short.'))
      image.src = url
    })
    const { naturalWidth: width, naturalHeight: height } = image
    if (width * height <= MAX_PIXELS) return
    throw new UnreadableImageError(
      `${width}×${height} is more than the 67 million pixels allowed. Take a smaller image.`,
    )
  } finally {
    URL.revokeObjectURL(url)
  }
}

function readPixels(bitmap: ImageBitmap): Rgba {
  const { width, height } = bitmap
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d', { willReadFrequently: true, colorSpace: 'srgb' })
  if (!context) throw new UnreadableImageError('This browser has no canvas to decode images on.')
  context.drawImage(bitmap, 0, 0)
  return context.getImageData(0, 0, width, height)
}

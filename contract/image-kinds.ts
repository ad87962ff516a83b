/** What a file is by its first bytes, whatever its name says: for the import and for the page that tries a model. */

export const IMAGE_FORMATS = ['JPEG', 'PNG', 'WebP', 'GIF', 'BMP', 'TIFF', 'AVIF'] as const
export type ImageFormat = (typeof IMAGE_FORMATS)[number]

export type RecognizedFile =
  /** An image that is read. */
  | { format: ImageFormat }
  /** Something else: what it is, with its article, and what to do; null where it is nothing known. */
  | { format: null; words: string | null; remedy: string }

/** So many bytes tell all that is told here. */
export const HEAD_BYTES = 512

const AS_JPEG = 'save it as JPEG or PNG'

/** @param head  the file's first bytes, HEAD_BYTES of them where there are so many */
export function recognizeFile(head: Uint8Array): RecognizedFile {
  const text = String.fromCharCode(...head.subarray(0, HEAD_BYTES))
  const format = formatOf(text)
  return format ? { format } : { format: null, ...nameOther(text) }
}

function formatOf(text: string): ImageFormat | undefined {
  if (text.startsWith('\xff\xd8\xff')) return 'JPEG'
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'PNG'
  if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return 'WebP'
  if (/^GIF8[79]a/.test(text)) return 'GIF'
  // The two bytes alone begin many a text: the reserved ones after the file's size are zero.
  if (text.startsWith('BM') && text.startsWith('\0\0\0\0', 6)) return 'BMP'
  if (text.startsWith('II*\0') || text.startsWith('MM\0*')) return 'TIFF'
  return brandsOf(text).some((brand) => brand === 'avif' || brand === 'avis') ? 'AVIF' : undefined
}

/** Of a file in ISO's base format, the first its own; none of any other. */
function brandsOf(text: string): string[] {
  if (!text.startsWith('ftyp', 4)) return []
  const end = Math.min(text.length, text.charCodeAt(2) * 256 + text.charCodeAt(3))
  const compatible = text.slice(16, end).match(/.{4}/gs) ?? []
  return [text.slice(8, 12), ...compatible]
}

/** By what a file begins with, or by a pattern where it may begin otherwise. */
const OTHERS: [begins: RegExp | readonly string[], words: string, remedy: string][] = [
  [
    ['version https://git-lfs'],
    'a pointer of Git LFS, not the file itself',
    'run “git lfs pull” and pack again',
  ],
  [['%PDF'], 'a PDF document', AS_JPEG],
  [['PK\x03\x04'], 'a zip archive', 'unpack it first'],
  [['\x1f\x8b'], 'a file packed by gzip', 'unpack it first'],
  [['8BPS'], 'a Photoshop document', AS_JPEG],
  [['\0\0\0\x0cjP  ', '\xff\x4f\xff\x51'], 'a JPEG 2000 image', AS_JPEG],
  [['\xff\x0a', '\0\0\0\x0cJXL '], 'a JPEG XL image', AS_JPEG],
  [['\0\0\x01\0', '\0\0\x02\0'], 'an icon file', AS_JPEG],
  [/^P[1-6][\s#]/, 'a PNM image', AS_JPEG],
  [['\x89HDF'], 'an HDF5 file', 'save its images as files'],
  [['\x93NUMPY'], 'a NumPy array', 'save its images as files'],
  [/<svg|<!DOCTYPE svg/i, 'an SVG drawing', 'save it as PNG'],
  [
    /^(\xef\xbb\xbf)?\s*(<!DOCTYPE html|<html|<head|<body)/i,
    'a web page',
    'the download failed, or asked to sign in: fetch the file again',
  ],
]

function nameOther(text: string): { words: string | null; remedy: string } {
  const [brand = ''] = brandsOf(text)
  if (/^(hei|hev|mif1|msf1)/.test(brand))
    return { words: 'a HEIC image, as iPhones take them', remedy: 'export it as JPEG' }
  if (brand) return { words: 'a video', remedy: 'save frames of it as JPEG' }
  const known = OTHERS.find(([begins]) =>
    begins instanceof RegExp ? begins.test(text) : begins.some((start) => text.startsWith(start)),
  )
  return known ? { words: known[1], remedy: known[2] } : { words: null, remedy: AS_JPEG }
}

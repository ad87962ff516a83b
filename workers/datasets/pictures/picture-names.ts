/** Those that are decoded, and HEIC, of which decoding says what it is. */
const READABLE = /\.(jpe?g|jpe|jfif|jif|pjpe?g|png|apng|webp|gif|bmp|dib|tiff?|avif|heic|heif)$/i
const OTHER = /\.(svg|jp2|jxl|ico|ppm|pgm|psd|dng|cr2|nef|arw|raw)$/i

/** What a file is by its name: an image that is read, an image of another sort, or none. */
export function pictureKind(path: string): 'READABLE' | 'OTHER' | 'NONE' {
  if (READABLE.test(path)) return 'READABLE'
  return OTHER.test(path) ? 'OTHER' : 'NONE'
}

export const REASONS = {
  OTHER: 'only JPEG, PNG, WebP, GIF, BMP, TIFF and AVIF images are read',
  NONE: 'not an image',
} as const

/** Of a file that a list names: without an ending its name tells nothing, and decoding says what it is. */
export function mayBePicture(path: string): boolean {
  return pictureKind(path) === 'READABLE' || !/\.[a-z]\w{0,9}$/i.test(path)
}

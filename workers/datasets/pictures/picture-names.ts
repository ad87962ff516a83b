const READABLE = /\.(jpe?g|png|webp)$/i
const OTHER = /\.(gif|bmp|tiff?|heic|heif|avif|svg|jp2|jxl|ico|ppm|pgm)$/i

/** What a file is by its name: an image that is read, an image of another sort, or none. */
export function pictureKind(path: string): 'READABLE' | 'OTHER' | 'NONE' {
  if (READABLE.test(path)) return 'READABLE'
  return OTHER.test(path) ? 'OTHER' : 'NONE'
}

export const REASONS = {
  OTHER: 'only JPEG, PNG and WebP images are read',
  NONE: 'not an image',
} as const

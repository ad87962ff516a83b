/** A file's type by its first bytes, regardless of its name. */
export interface RecognisedPicture {
  /** Whether imports accept the format. */
  taken: boolean
  /** Such as `an SVG drawing`; null if unknown. */
  words: string | null
}

/** @param head the file's first few hundred bytes */
export function recognisePicture(head: Uint8Array): RecognisedPicture {
  const text = String.fromCharCode(...head.subarray(0, 512))
  if (text.startsWith('\xff\xd8\xff')) return { taken: true, words: 'a JPEG' }
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return { taken: true, words: 'a PNG' }
  if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return { taken: true, words: 'a WebP' }
  return { taken: false, words: nameOther(text) }
}

function nameOther(text: string): string | null {
  if (text.startsWith('ftyp', 4)) {
    const brand = text.slice(8, 12)
    if (brand.startsWith('avif') || brand.startsWith('avis')) return 'an AVIF image'
    return /^(hei|hev|mif1|msf1)/.test(brand) ? 'a HEIC image, as iPhones take them' : 'a video'
  }
  if (/^GIF8/.test(text)) return 'a GIF'
  if (text.startsWith('BM')) return 'a BMP image'
  if (/^(II\*\0|MM\0\*)/.test(text)) return 'a TIFF image'
  if (text.startsWith('%PDF')) return 'a PDF document'
  if (/^(\xef\xbb\xbf)?\s*<(\?xml[\s\S]*)?(!--|svg|!DOCTYPE svg)?/i.test(text))
    return /<svg|<!DOCTYPE svg/i.test(text) ? 'an SVG drawing' : null
  return null
}

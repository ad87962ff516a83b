// biome-ignore-all lint/style/noNonNullAssertion: the loops end with the bytes that they read

/** The grey pixels of an image that is stored as RGB, three equal bytes a pixel. */
export function inOneChannel(pixels: Uint8Array): Buffer {
  const grey = Buffer.allocUnsafe(pixels.length / 3)
  for (let i = 0; i < grey.length; i++) grey[i] = pixels[3 * i]!
  return grey
}

export function inThreeChannels(grey: Uint8Array): Buffer {
  const pixels = Buffer.allocUnsafe(grey.length * 3)
  for (let i = 0; i < grey.length; i++) {
    pixels[3 * i] = grey[i]!
    pixels[3 * i + 1] = grey[i]!
    pixels[3 * i + 2] = grey[i]!
  }
  return pixels
}

/** CHW to HWC. @param area  pixels of each of the three planes */
export function interleave(planes: Uint8Array, area: number): Uint8Array {
  const pixels = new Uint8Array(area * 3)
  for (let i = 0; i < area; i++) {
    pixels[3 * i] = planes[i]!
    pixels[3 * i + 1] = planes[area + i]!
    pixels[3 * i + 2] = planes[2 * area + i]!
  }
  return pixels
}

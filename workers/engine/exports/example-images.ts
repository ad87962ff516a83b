import type { ModelMetadata } from './model-metadata.ts'

const FITS = { COVER: 'cover', CONTAIN: 'contain', STRETCH: 'fill' } as const

/** Statements in JavaScript that make the constant `pixels`, a Float32Array, of an image file, as the import prepares one. */
export function decodeText({ pictures, input, preparation }: ModelMetadata, file: string): string {
  const { height, width, channels } = input
  const { fit, background } = preparation
  const isResized = pictures.height !== height || pictures.width !== width
  const alpha = background ? `.flatten({ background: '${background}' })` : '.removeAlpha()'
  const options = `{ fit: '${FITS[fit]}', kernel: 'linear'${fit === 'CONTAIN' ? `, background: '${background ?? '#ffffff'}'` : ''} }`
  const bytes = `const bytes = await sharp(${file}, { autoOrient: true })
  ${alpha}
  .resize(${pictures.width}, ${pictures.height}, ${options})
  .removeAlpha()
  .toColourspace('${channels === 1 ? 'b-w' : 'srgb'}')
  .raw()
  .toBuffer()`
  if (!isResized) return `${bytes}\nconst pixels = Float32Array.from(bytes)`
  return `${bytes}
// As in training: bilinear, antialiased, and not rounded.
const resample = (values, rows, length, wanted, channels) => {
  const factor = length / wanted
  const reach = Math.max(1, factor)
  const resampled = new Float32Array(rows * wanted * channels)
  for (let i = 0; i < wanted; i++) {
    const center = (i + 0.5) * factor - 0.5
    const shares = Array.from({ length }, (_, k) => Math.max(0, 1 - Math.abs(k - center) / reach))
    const sum = shares.reduce((total, share) => total + share, 0)
    for (let row = 0; row < rows; row++)
      for (let k = 0; k < length; k++)
        for (let c = 0; shares[k] > 0 && c < channels; c++)
          resampled[(row * wanted + i) * channels + c] += (shares[k] / sum) * values[(row * length + k) * channels + c]
  }
  return resampled
}
const narrowed = resample(bytes, ${pictures.height}, ${pictures.width}, ${width}, ${channels})
const pixels = resample(narrowed, 1, ${pictures.height}, ${height}, ${width * channels})`
}

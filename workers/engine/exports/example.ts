import type { ModelMetadata } from './model-metadata.ts'

/** The part of an example that depends on the format. */
export interface Example {
  /** From npm. */
  packages: string[]
  /** Import statements for them; `readFileSync` and `sharp` are imported anyway. */
  imports: string[]
  /**
   * Statements that make the constants `classes` and `posterior`, an array of numbers, from `pixels`, a Float32Array,
   * of the shape `shape`. `read(name)` reads a file that lies beside the example.
   */
  classify(metadata: ModelMetadata): string
}

/**
 * A program that prints the class of one image by the model beside it, the image decoded as the training images
 * were: upright, scaled until it covers the size, the overhang cut off.
 */
export function writeExample({ packages, imports, classify }: Example, metadata: ModelMetadata): string {
  const { height, width, channels } = metadata.input
  return `// ${commandOf(packages)}
import { readFileSync } from 'node:fs'
import sharp from 'sharp'
${imports.join('\n')}

const read = (name) => readFileSync(new URL(name, import.meta.url))
${decodeText(metadata, 'process.argv[2]')}
const pixels = Float32Array.from(bytes)
const shape = [1, ${height}, ${width}, ${channels}]

${classify(metadata)}
console.log(classes[posterior.indexOf(Math.max(...posterior))])
`
}

/** Statements that make the constant `bytes` of an image file, as the training images were decoded. */
export function decodeText({ pictures, input }: ModelMetadata, file: string): string {
  const { height, width, channels } = input
  const isResized = pictures.height !== height || pictures.width !== width
  const colour = channels === 1 ? ".toColourspace('b-w')" : ".toColourspace('srgb')"
  return `const picture = sharp(${file}, { autoOrient: true }).removeAlpha().resize(${pictures.width}, ${pictures.height}, { kernel: 'linear' })${colour}
const bytes = await ${isResized ? `sharp(await picture.png().toBuffer()).resize(${width}, ${height}, { fit: 'fill', kernel: 'linear' })${colour}` : 'picture'}.raw().toBuffer()`
}

/** How the example is run. */
export function commandOf(packages: string[]): string {
  return `npm install ${packages.join(' ')} && node example.mjs picture.png`
}

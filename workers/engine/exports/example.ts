/** Programs beside a model: one that classifies an image, or, of a model that finds, compares and ranks images. */

import { decodeText } from './example-images.ts'
import type { ModelMetadata } from './model-metadata.ts'

export const EXAMPLE_FILE = 'example.mjs'

/** The part of an example that depends on the format. */
export interface Example {
  /** From npm. */
  packages: string[]
  /** Import statements for them; `readFileSync` and `sharp` are imported anyway. */
  imports: string[]
  /**
   * Statements that make the constant `classes`, and `run(pixels)`: from a Float32Array of the shape `shape` to the
   * model's outputs in their order, each an array of numbers. `read(name)` reads a file that lies beside the example.
   */
  load(metadata: ModelMetadata): string
}

/** @param widths  of the features of each student, which are scaled to length 1 each for itself */
export function writeExample(
  { packages, imports, load }: Example,
  metadata: ModelMetadata,
  widths: readonly number[],
): string {
  const { height, width, channels } = metadata.input
  const isRetrieval = metadata.task === 'RETRIEVAL'
  return `// ${commandOf(packages, metadata)}
import { ${isRetrieval ? 'readdirSync, readFileSync, statSync' : 'readFileSync'} } from 'node:fs'
${isRetrieval ? "import { join } from 'node:path'\n" : ''}import sharp from 'sharp'
${imports.join('\n')}

const read = (name) => readFileSync(new URL(name, import.meta.url))
const shape = [1, ${height}, ${width}, ${channels}]

${load(metadata)}

/** The pixels of an image file, prepared as README.md says. */
async function prepare(file) {
  ${decodeText(metadata, 'file').replaceAll('\n', '\n  ')}
  return pixels
}

${isRetrieval ? compareText(widths) : CLASSIFY}`
}

const CLASSIFY = `const answers = await run(await prepare(process.argv[2]))
const posterior = Array.from(answers.at(-1))
console.log(classes[posterior.indexOf(Math.max(...posterior))])
`

function compareText(widths: readonly number[]): string {
  return `/** Every student's features, scaled to length 1, side by side. */
async function featuresOf(file) {
  const [features] = await run(await prepare(file))
  let from = 0
  return [${widths.join(', ')}].flatMap((width) => {
    const side = Array.from(features.slice(from, from + width))
    from += width
    const length = Math.hypot(...side) || 1
    return side.map((value) => value / length)
  })
}

const [query, other, howMany = '10'] = process.argv.slice(2)
const wanted = await featuresOf(query)
const distanceTo = async (file) =>
  Math.hypot(...(await featuresOf(file)).map((value, i) => value - wanted[i])) / Math.sqrt(${widths.length})
if (statSync(other).isFile()) console.log((await distanceTo(other)).toFixed(4))
else {
  const names = readdirSync(other).filter((name) => /\\.(jpe?g|png|webp|gif|tiff?|avif)$/i.test(name)).sort()
  const ranked = []
  for (const name of names) ranked.push({ name, distance: await distanceTo(join(other, name)) })
  ranked.sort((a, b) => a.distance - b.distance)
  for (const [i, { name, distance }] of ranked.slice(0, Number(howMany)).entries())
    console.log(\`\${i + 1}. \${name} \${distance.toFixed(4)}\`)
}
`
}

/** How the example is run. */
export function commandOf(packages: string[], { task }: Pick<ModelMetadata, 'task'>): string {
  const pictures = task === 'RETRIEVAL' ? 'picture.png other-picture-or-folder' : 'picture.png'
  return `npm install ${packages.join(' ')} && node ${EXAMPLE_FILE} ${pictures}`
}

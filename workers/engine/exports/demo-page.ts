/** `index.html` beside a TF.js model: one file that runs it in a browser, from a disk or a server, without a network. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { ModelArtifacts } from './layers-model-files.ts'
import type { ModelMetadata } from './model-metadata.ts'

export const DEMO_FILE = 'index.html'
/** As text they are a third larger: far beyond, browsers give up, and from 400 MB on no text in Node is that long. */
const MOST_WEIGHT_BYTES = 128 * 1024 * 1024

/**
 * Weights and TF.js are inside: a page from a disk may not fetch what lies beside it.
 * @param widths  of the features of each student, which are scaled to length 1 each for itself
 * @returns null where the weights are too large for a page
 */
export function writeDemoPage(
  artifacts: ModelArtifacts,
  metadata: ModelMetadata,
  widths: readonly number[],
): string | null {
  const { modelTopology, weightSpecs, weightData } = artifacts
  if (weightData.byteLength > MOST_WEIGHT_BYTES) return null
  const { task, classes, input, pictures, preparation } = metadata
  const model = { modelTopology, weightSpecs, task, classes, input, pictures, preparation, widths }
  const isRetrieval = task === 'RETRIEVAL'
  const title = metadata.kind === 'ensemble' ? 'The ensemble' : (metadata.students[0]?.name ?? 'The student')
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem }
label { display: block; margin-top: 1rem; font-weight: 600 }
img { display: block; margin: 1rem 0; max-width: 100%; max-height: 16rem }
</style>
<main>
<h1>${escapeHtml(title)}</h1>
<p>${isRetrieval ? 'Choose two images: the nearer their features lie, the likelier they show the same.' : 'Choose an image.'} It stays on this computer.</p>
<label for="first">${isRetrieval ? 'First image' : 'Image'}</label>
<input id="first" type="file" accept="image/*" disabled>
<img id="first-shown" alt="" hidden>
${isRetrieval ? '<label for="second">Second image</label>\n<input id="second" type="file" accept="image/*" disabled>\n<img id="second-shown" alt="" hidden>' : ''}
<p role="status" id="told">The model is being loaded.</p>
<ol id="answers"></ol>
</main>
<script>${tensorflowSource()}</script>
<script type="application/json" id="model">${JSON.stringify(model).replaceAll('<', '\\u003c')}</script>
<script type="text/plain" id="weights">${Buffer.from(weightData).toString('base64')}</script>
<script>
${PREPARE}
${isRetrieval ? COMPARE : CLASSIFY}
start()
</script>
</html>
`
}

let source: string | undefined

/** TF.js as it is published, with its licence at its head. */
function tensorflowSource(): string {
  source ??= readFileSync(
    createRequire(import.meta.url).resolve('@tensorflow/tfjs/dist/tf.es2017.min.js'),
    'utf8',
  ).replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n')
  return source
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

/** Images as the import and the training prepare them. */
const PREPARE = `const byId = (id) => document.getElementById(id)
const tell = (text) => { byId('told').textContent = text }
const { modelTopology, weightSpecs, classes, input, pictures, preparation, widths } = JSON.parse(byId('model').textContent)
let model

async function start() {
  try {
    const text = atob(byId('weights').textContent)
    const weightData = new Uint8Array(text.length)
    for (let i = 0; i < text.length; i++) weightData[i] = text.charCodeAt(i)
    await tf.ready()
    model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData: weightData.buffer }))
    for (const field of document.querySelectorAll('input')) {
      field.disabled = false
      field.addEventListener('change', () => answer(field))
    }
    tell('Ready.')
  } catch (error) { tell('The model cannot be loaded: ' + error.message) }
}

async function answer(field) {
  const [file] = field.files
  if (!file) return
  tell('Computing.')
  const shown = byId(field.id + '-shown')
  URL.revokeObjectURL(shown.src)
  shown.src = URL.createObjectURL(file)
  shown.hidden = false
  try { await show(field.id, await run(file)) } catch (error) { tell(file.name + ' cannot be used: ' + error.message) }
}

/** The model's outputs in order. */
async function run(file) {
  const pixels = prepare(await decode(file))
  const outputs = tf.tidy(() => [model.predict(tf.tensor4d(pixels, [1, input.height, input.width, input.channels]))].flat())
  const values = await Promise.all(outputs.map((output) => output.data()))
  for (const output of outputs) output.dispose()
  return values
}

/** Upright, in sRGB, on the background: red, green and blue. */
async function decode(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
  const { width, height } = bitmap
  const canvas = Object.assign(document.createElement('canvas'), { width, height })
  const context = canvas.getContext('2d', { willReadFrequently: true, colorSpace: 'srgb' })
  context.drawImage(bitmap, 0, 0)
  const { data } = context.getImageData(0, 0, width, height)
  const ground = preparation.background && colourOf(preparation.background)
  const values = new Float32Array(width * height * 3)
  for (let i = 0; i < width * height; i++) {
    const alpha = ground ? data[4 * i + 3] / 255 : 1
    for (let c = 0; c < 3; c++)
      values[3 * i + c] = Math.round(data[4 * i + c] * alpha + (ground ? ground[c] * (1 - alpha) : 0))
  }
  return { values, width, height, channels: 3 }
}

function colourOf(hex) { return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) }

/** From 0 to 255: the model normalises by itself. */
function prepare(image) {
  const { width, height } = pictures
  const [across, down] = [image.width / width, image.height / height]
  const factor = preparation.fit === 'COVER' ? Math.min(across, down) : Math.max(across, down)
  let fitted
  if (preparation.fit === 'STRETCH') fitted = scale(image, width, height, across, down)
  else if (preparation.fit === 'COVER') fitted = scale(image, width, height, factor, factor)
  else fitted = contain(image, Math.max(1, Math.round(image.width / factor)), Math.max(1, Math.round(image.height / factor)))
  fitted.values = fitted.values.map(Math.round)
  const coloured = input.channels === 1 ? toGrey(fitted) : fitted
  if (width === input.width && height === input.height) return coloured.values
  return scale(coloured, input.width, input.height, width / input.width, height / input.height).values
}

function contain(image, wide, high) {
  const { width, height } = pictures
  const inner = scale(image, wide, high, image.width / wide, image.height / high)
  const ground = colourOf(preparation.background ?? '#ffffff')
  const values = Float32Array.from({ length: width * height * 3 }, (_, i) => ground[i % 3])
  const [left, top] = [Math.floor((width - wide) / 2), Math.floor((height - high) / 2)]
  for (let y = 0; y < high; y++)
    values.set(inner.values.subarray(3 * y * wide, 3 * (y + 1) * wide), 3 * ((y + top) * width + left))
  return { values, width, height, channels: 3 }
}

/** Bilinear, antialiased where it shrinks; what overhangs is cut off on both sides. */
function scale({ values, width, height, channels }, wide, high, across, down) {
  const narrow = new Float32Array(height * wide * channels)
  const low = new Float32Array(high * wide * channels)
  const columns = taps(width, wide, across)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < wide; x++)
      for (let k = 0; k < columns[x].shares.length; k++)
        for (let c = 0; c < channels; c++)
          narrow[(y * wide + x) * channels + c] += columns[x].shares[k] * values[(y * width + columns[x].first + k) * channels + c]
  const row = wide * channels
  for (const [y, { first, shares }] of taps(height, high, down).entries())
    for (let k = 0; k < shares.length; k++)
      for (let i = 0; i < row; i++) low[y * row + i] += shares[k] * narrow[(first + k) * row + i]
  return { values: low, width: wide, height: high, channels }
}

/** Which pixels make up each new one, and by what share. */
function taps(length, wanted, factor) {
  const scaled = Math.round(length / factor)
  const overhang = Math.floor((scaled - wanted + 1) / 2)
  const border = (length - scaled * factor) / 2
  const reach = Math.max(1, factor)
  return Array.from({ length: wanted }, (_, i) => {
    const center = (i + overhang + 0.5) * factor - 0.5 + border
    const first = Math.min(length - 1, Math.max(0, Math.floor(center - reach) + 1))
    const last = Math.max(first, Math.min(length - 1, Math.ceil(center + reach) - 1))
    const shares = Array.from({ length: last - first + 1 }, (_, k) => Math.max(0, 1 - Math.abs(first + k - center) / reach))
    const sum = shares.reduce((total, share) => total + share, 0)
    return { first, shares: shares.map((share) => (sum > 0 ? share / sum : 1 / shares.length)) }
  })
}

/** By the luminance of linear light. */
function toGrey({ values, width, height }) {
  const linear = (byte) => (byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4)
  const grey = Float32Array.from({ length: width * height }, (_, i) => {
    const light = 0.2126 * linear(values[3 * i]) + 0.7152 * linear(values[3 * i + 1]) + 0.0722 * linear(values[3 * i + 2])
    return Math.round(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055))
  })
  return { values: grey, width, height, channels: 1 }
}`

const CLASSIFY = `
function show(_, outputs) {
  const posterior = Array.from(outputs.at(-1))
  const best = posterior.map((share, i) => [share, classes[i]]).sort((a, b) => b[0] - a[0]).slice(0, 5)
  byId('answers').replaceChildren(...best.map(([share, name]) => {
    const line = document.createElement('li')
    line.textContent = name + ' ' + (100 * share).toFixed(1) + ' %'
    return line
  }))
  tell(best[0][1])
}`

const COMPARE = `
const features = {}

/** Every student's features, scaled to length 1, side by side. */
function show(id, [values]) {
  let from = 0
  features[id] = widths.flatMap((width) => {
    const side = Array.from(values.slice(from, from + width))
    from += width
    const length = Math.hypot(...side) || 1
    return side.map((value) => value / length)
  })
  const { first, second } = features
  if (!first || !second) return tell('Choose the other image, too.')
  const distance = Math.hypot(...first.map((value, i) => value - second[i])) / Math.sqrt(widths.length)
  tell('Distance ' + distance.toFixed(4) + ': 0 is the same, 1.41 has nothing in common.')
}`

import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { InferenceSession } from 'onnxruntime-node'
import yauzl from 'yauzl'
import { EXPORT_FORMATS, type ExportFormatName } from '../../../../contract/training.ts'

const run = promisify(execFile)
const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url))
const SCRIPT = fileURLToPath(new URL('run-export.mjs', import.meta.url))
const PYTHON_SCRIPT = fileURLToPath(new URL('../../../references/exports.py', import.meta.url))

/** Those that something runs in JavaScript; a Keras model is run in Python alone. */
export const JAVASCRIPT_FORMATS = EXPORT_FORMATS.filter((format) => format !== 'KERAS')

/** Those that compute in float32, as the engine does. */
export const EXACT_FORMATS = JAVASCRIPT_FORMATS.filter((format) => format !== 'ONNX_INT8')

/** A model's outputs in order, each row-major: the posterior is the last. */
export type Outputs = number[][]

export interface ExportedModel {
  format: ExportFormatName
  folder: string
}

/** Runs models by other runtimes on the same images. @param pixelsPath a file of bytes, as a packed dataset's */
export async function runExports(
  pixelsPath: string,
  models: ExportedModel[],
): Promise<Map<ExportedModel, Outputs>> {
  const groups = [
    models.filter(({ format }) => format === 'SAVED_MODEL'),
    models.filter(({ format }) => format !== 'SAVED_MODEL'),
  ]
  const results = await Promise.all(groups.map((group) => runGroup(pixelsPath, group)))
  return new Map(results.flat())
}

async function runGroup(pixelsPath: string, models: ExportedModel[]): Promise<[ExportedModel, Outputs][]> {
  const named = models.map(({ format, folder }) => `${format}=${folder}`)
  const options = { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 } as const
  const { stdout } = await run(process.execPath, [SCRIPT, pixelsPath, ...named], options)
  const outputs: Outputs[] = JSON.parse(stdout.trim().split('\n').at(-1)!)
  return models.map((model, i) => [model, outputs[i]!])
}

/** The same by Python's own readers: null where one is missing, and of safetensors how many numbers there are. */
export async function runInPython(
  python: string,
  pixelsPath: string,
  models: ExportedModel[],
): Promise<Map<ExportedModel, Outputs | null>> {
  const named = models.map(({ format, folder }) => `${format}=${folder}`)
  const options = { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 } as const
  const { stdout } = await run(python, [PYTHON_SCRIPT, pixelsPath, ...named], options)
  const outputs: (Outputs | null)[] = JSON.parse(stdout.trim().split('\n').at(-1)!)
  return new Map(models.map((model, i) => [model, outputs[i]!]))
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} numbers cannot be compared with ${b.length}`)
  return Array.from(a).reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0)
}

/** An artifact's files, into a folder of their own. */
export async function unzip(path: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const zip = await new Promise<yauzl.ZipFile>((resolve, reject) =>
    yauzl.open(path, { lazyEntries: false, autoClose: false }, (error, file) =>
      error ? reject(error) : resolve(file),
    ),
  )
  const entries: yauzl.Entry[] = []
  await new Promise((resolve, reject) =>
    zip
      .on('entry', (entry) => entries.push(entry))
      .on('end', resolve)
      .on('error', reject),
  )
  for (const entry of entries) {
    const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) =>
      zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened))),
    )
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(chunk as Buffer)
    writeFileSync(join(folder, entry.fileName), Buffer.concat(chunks))
  }
  zip.close()
}

/** Of each image. */
export function softmaxOf(logits: number[], classes: number): number[] {
  return Array.from({ length: logits.length / classes }, (_, i) => {
    const powers = logits.slice(i * classes, (i + 1) * classes).map(Math.exp)
    const sum = powers.reduce((total, power) => total + power, 0)
    return powers.map((power) => power / sum)
  }).flat()
}

/** How often ONNX Runtime computes each of these operations of a model once it has fused what it can. */
export async function countOperations(file: string, names: readonly string[]): Promise<number[]> {
  const optimizedModelFilePath = `${file}.optimized`
  const options = { graphOptimizationLevel: 'extended', logSeverityLevel: 3, optimizedModelFilePath } as const
  const session = await InferenceSession.create(file, { executionProviders: ['cpu'], ...options })
  await session.release()
  const optimized = readFileSync(optimizedModelFilePath, 'latin1')
  // As a node's protobuf names its operation: field 4, length, text.
  return names.map((name) => optimized.split(`"${String.fromCharCode(name.length)}${name}`).length - 1)
}

/** As `npm install` of the example's packages would: tfjs-node is tfjs-node-gpu in another build. */
export function installPackages(folder: string): void {
  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, '@tensorflow'), { recursive: true })
  const packages = {
    sharp: 'sharp',
    'onnxruntime-node': 'onnxruntime-node',
    '@tensorflow/tfjs': '@tensorflow/tfjs',
    '@tensorflow/tfjs-node': '@tensorflow/tfjs-node-gpu',
  }
  for (const [name, source] of Object.entries(packages))
    symlinkSync(join(REPOSITORY, 'node_modules', source), join(modules, name))
}

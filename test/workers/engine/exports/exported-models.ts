import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { ExportFormatName } from '../../../../contract/training.ts'

const run = promisify(execFile)
const SCRIPT = fileURLToPath(new URL('run-export.mjs', import.meta.url))

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

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} numbers cannot be compared with ${b.length}`)
  return Array.from(a).reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0)
}

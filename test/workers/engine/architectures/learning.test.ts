import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ARCHITECTURE_FAMILIES, type ArchitectureFamilyName } from '../../../../contract/architectures.ts'
import { drawSourceGrid } from '../../../../workers/engine/batches/augmentation.ts'
import { captureCohort, PREDICTION_BATCH } from '../../../../workers/engine/cohort-program.ts'
import { buildStudentModel } from '../../../../workers/engine/exports/exported-model.ts'
import { artifactsOf, layersModelFiles } from '../../../../workers/engine/exports/layers-model-files.ts'
import { createGenerator } from '../../../../workers/engine/random.ts'
import { buildStudent } from '../../../../workers/engine/students/student-network.ts'
import { smallOrder } from '../small-run.ts'
import { storeSyntheticDataset } from '../synthetic-dataset.ts'

const FAMILIES = Object.keys(ARCHITECTURE_FAMILIES) as ArchitectureFamilyName[]
const BATCH = 8
/** Images that end as 2x2 or larger: normalised over a handful of values, a deep network without shortcuts is chaotic. */
const SIDES: Record<ArchitectureFamilyName, number> = {
  resnet: 8,
  'imagenet-resnet': 33,
  wrn: 8,
  mobilenet: 32,
  'mobilenet-v2': 33,
  'inception-v1': 8,
  convnet: 8,
}
/** Small enough for the loss to fall along the gradient, then large enough to move every weight by more than rounding. */
const LEARNING_RATES = [2e-6, 2e-6, 2e-6, 0.02, 0.02]

/** A run of one student, recorded, and a batch to teach it. */
function captureOne(family: ArchitectureFamilyName) {
  const size = SIDES[family]
  const order = smallOrder({
    students: { ada: ARCHITECTURE_FAMILIES[family].examples[0] },
    teaching: { method: 'INDEPENDENT' },
    stored: storeSyntheticDataset({ size, train: 20, test: 4 }),
    recipe: { batchSize: BATCH },
  })
  const { cohort, recipe, dataset } = order
  const student = cohort.students[0]!
  const network = buildStudent(student, dataset, dataset.classes.length, 1)
  const options = { students: [network], teaching: cohort.teaching, recipe, dataset, seed: 1 }
  const program = captureCohort(options)
  const random = createGenerator('pictures')
  const pictures = Uint8Array.from({ length: BATCH * size * size * 3 }, () => random.integer(256))
  const grid = drawSourceGrid(BATCH, dataset, recipe.augmentation, random)
  const place = { stage: 0, epoch: 0, step: 0, stageStep: 0, stageEpochs: 0 }
  const batch = {
    indices: new Int32Array(8),
    pictures,
    labels: Int32Array.of(0, 1, 2, 3, 0, 1, 2, 3),
    ...place,
    augmentation: grid,
  }
  return { student, dataset, program, batch }
}

describe.each(FAMILIES)('the smallest %s', (family) => {
  it('learns, the same from the same steps to the bit, and its export gives the same logits in plain TF.js', async () => {
    const { student, dataset, program, batch } = captureOne(family)
    const before = program.readState()
    const losses = LEARNING_RATES.map((rate) => program.teach([{ batch, learningRate: rate }])[0]!)
    const [first, second, third, fourth] = losses as [number, number, number, number]
    expect([first > second, second > third, third > fourth]).toEqual([true, true, true])
    const state = program.readState()
    const moved = [...state].filter(([name, values]) =>
      values.some((value, i) => value !== before.get(name)![i]),
    )
    expect(moved.length).toBe(state.size)
    const again = captureOne(family).program
    expect(LEARNING_RATES.map((rate) => again.teach([{ batch, learningRate: rate }])[0])).toEqual(losses)
    const differing = [...again.readState()].filter(([name, values]) => !sameBytes(values, state.get(name)!))
    expect(differing.map(([name]) => name)).toEqual([])
    again.close()

    const model = buildStudentModel(student, dataset, state)
    const folder = mkdtempSync(join(tmpdir(), 'studyhall-export-'))
    const { height, width, channels } = dataset
    for (const { name, content } of layersModelFiles(await artifactsOf(model), {
      input: { height, width, channels },
    })) {
      writeFileSync(join(folder, name), content)
    }
    writeFileSync(join(folder, 'pixels'), batch.pictures)
    const [logits, posterior] = runInPlainTfjs(folder).slice(-2) as [number[], number[]]
    const padded = new Uint8Array(PREDICTION_BATCH * height * width * channels)
    padded.set(batch.pictures)
    const own = program.predict(padded).logits.subarray(0, logits.length)
    expect(logits.length).toBe(BATCH * 4)
    // A few steps in, the moving statistics of a deep network are not settled and its logits may run into the thousands.
    const scale = Math.max(1, ...own.map(Math.abs))
    expect(Math.max(...logits.map((value, i) => Math.abs(value - own[i]!))) / scale).toBeLessThan(1e-4)
    expect(posterior.slice(0, 4).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5)
    program.close()
    model.dispose()
    rmSync(folder, { recursive: true })
  }, 300_000)
})

function sameBytes(a: Float32Array, b: Float32Array): boolean {
  return Buffer.from(a.buffer).equals(Buffer.from(b.buffer))
}

function runInPlainTfjs(folder: string, ...layers: string[]): number[][] {
  const script = fileURLToPath(new URL('plain-tfjs.mjs', import.meta.url))
  const output = execFileSync(process.execPath, [script, folder, join(folder, 'pixels'), ...layers], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return JSON.parse(output.trim().split('\n').at(-1)!)
}

import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { listedArchitectures } from '../../contract/architectures.ts'
import { buildNetwork } from '../../workers/engine/architectures/index.ts'
import { drawSourceGrid } from '../../workers/engine/batches/augmentation.ts'
import { captureCohort, PREDICTION_BATCH } from '../../workers/engine/cohort-program.ts'
import { buildStudentModel } from '../../workers/engine/exports/exported-model.ts'
import { layersModelFiles } from '../../workers/engine/exports/layers-model-files.ts'
import { createGenerator } from '../../workers/engine/random.ts'
import { buildStudent } from '../../workers/engine/students/student-network.ts'
import { tf } from '../../workers/engine/tensorflow.ts'
import { smallOrder } from './small-run.ts'
import { storeSyntheticDataset } from './synthetic-dataset.ts'

/** Trainable parameters at 100 classes on 32x32 RGB; published tables round these to 0.08 M, 0.28 M, 0.47 M and so on. */
const PARAMETERS: Record<string, number> = {
  'resnet-8': 83_892,
  'resnet-14': 181_108,
  'resnet-20': 278_324,
  'resnet-32': 472_756,
  'resnet-44': 667_188,
  'resnet-56': 861_620,
  'resnet-110': 1_736_564,
}

const BATCH = 4

describe.each(listedArchitectures())('%s', (architecture) => {
  it('has the number of parameters that its layers add up to', () => {
    const shape = { height: 32, width: 32, channels: 3 }
    const student = buildStudent({ name: 'ada', architecture }, shape, 100, 1)
    expect(student.parameters).toBe(PARAMETERS[architecture])
    student.model.dispose()
  })

  it('learns from a step, and its export gives the same logits in plain TF.js', async () => {
    const stored = storeSyntheticDataset({ size: 8, train: 20, test: 4 })
    const teaching = { method: 'INDEPENDENT' }
    const { cohort, recipe, dataset } = smallOrder({
      students: { ada: architecture },
      teaching,
      stored,
      recipe: { batchSize: BATCH },
    })
    const [student] = cohort.students
    const network = buildStudent(student!, dataset, dataset.classes.length, 1)
    const program = captureCohort({
      students: [network],
      teaching: cohort.teaching,
      recipe,
      dataset,
      seed: 1,
    })
    const random = createGenerator('pictures')
    const pictures = Uint8Array.from({ length: BATCH * 8 * 8 * 3 }, () => random.integer(256))
    const grid = drawSourceGrid(BATCH, dataset, recipe.augmentation, random)
    const place = { stage: 0, epoch: 0, step: 0, stageStep: 0 }
    const batch = { pictures, labels: Int32Array.of(0, 1, 2, 3), ...place, ...grid }
    const before = program.readState()
    const losses = Array.from({ length: 3 }, () => program.teach(batch, 0.02)[0]!)
    expect(losses.every(Number.isFinite)).toBe(true)
    const state = program.readState()
    const moved = [...state].filter(([name, values]) =>
      values.some((value, i) => value !== before.get(name)![i]),
    )
    expect(moved.length).toBe(state.size)

    const model = buildStudentModel(student!, dataset, state)
    const folder = mkdtempSync(join(tmpdir(), 'studyhall-export-'))
    const { height, width, channels } = dataset
    for (const { name, content } of await layersModelFiles(model, { input: { height, width, channels } })) {
      writeFileSync(join(folder, name), content)
    }
    writeFileSync(join(folder, 'pixels'), pictures)
    const [posterior, logits] = runInPlainTfjs(folder, 'logits') as [number[], number[]]
    const padded = new Uint8Array(PREDICTION_BATCH * 8 * 8 * 3)
    padded.set(pictures)
    const own = program.predict(padded).logits.subarray(0, logits.length)
    expect(logits.length).toBe(BATCH * 4)
    // Three steps in, the moving statistics of a deep network are not settled and its logits run into the thousands.
    const scale = Math.max(1, ...own.map(Math.abs))
    expect(Math.max(...logits.map((value, i) => Math.abs(value - own[i]!))) / scale).toBeLessThan(1e-4)
    expect(posterior.slice(0, 4).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5)
    program.close()
    model.dispose()
  }, 60_000)
})

it('names the architecture that no family knows', () => {
  const input = tf.input({ shape: [8, 8, 3] })
  expect(() => buildNetwork(input, { architecture: 'resnet-33', classes: 4, prefix: '' })).toThrow(
    /“resnet-33”/,
  )
})

function runInPlainTfjs(folder: string, ...layers: string[]): number[][] {
  const script = fileURLToPath(new URL('plain-tfjs.mjs', import.meta.url))
  const output = execFileSync(process.execPath, [script, folder, join(folder, 'pixels'), ...layers], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return JSON.parse(output.trim().split('\n').at(-1)!)
}

import { describe, expect, it } from 'vitest'
import { ARCHITECTURE_FAMILIES, type ArchitectureFamilyName } from '../../../../contract/architectures.ts'
import { drawSourceGrid } from '../../../../workers/engine/batches/augmentation.ts'
import { captureCohort } from '../../../../workers/engine/cohort-program.ts'
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
  const place = { stage: 0, epoch: 0, step: 0, stageStep: 0, stageEpochs: 0, stepsPerEpoch: 1 }
  const batch = {
    indices: new Int32Array(8),
    pictures,
    labels: Int32Array.of(0, 1, 2, 3, 0, 1, 2, 3),
    ...place,
    augmentation: grid,
  }
  return { program, batch }
}

describe.each(FAMILIES)('the smallest %s', (family) => {
  it('learns, and the same from the same steps to the bit', () => {
    const { program, batch } = captureOne(family)
    const before = program.readState()
    const teach = () => LEARNING_RATES.map((rate) => program.teach([{ batch, learningRate: rate }])[0]!)
    const losses = teach()
    const [first, second, third, fourth] = losses as [number, number, number, number]
    expect([first > second, second > third, third > fourth]).toEqual([true, true, true])
    const state = program.readState()
    const moved = [...state].filter(([name, values]) =>
      values.some((value, i) => value !== before.get(name)![i]),
    )
    expect(moved.length).toBe(state.size)

    program.writeState(before)
    expect(teach()).toEqual(losses)
    const differing = [...program.readState()].filter(
      ([name, values]) => !sameBytes(values, state.get(name)!),
    )
    expect(differing.map(([name]) => name)).toEqual([])
    program.close()
  }, 300_000)
})

function sameBytes(a: Float32Array, b: Float32Array): boolean {
  return Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(
    Buffer.from(b.buffer, b.byteOffset, b.byteLength),
  )
}

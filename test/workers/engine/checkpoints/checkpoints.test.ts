import { createHash } from 'node:crypto'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { RecipeOverrides } from '../../../../contract/recipes/recipe.ts'
import type { TrainingOrder } from '../../../../contract/training.ts'
import type { OPTIMIZERS } from '../../../../workers/engine/optimizers/index.ts'
import { decodeSafetensors } from '../../../../workers/engine/safetensors.ts'
import { eventsOfType, type FinishedRun, smallOrder, trainToTheEnd } from '../small-run.ts'
import { storeSyntheticDataset } from '../synthetic-dataset.ts'

const stored = storeSyntheticDataset({ size: 8, train: 20, test: 6 })
interface Arrangement {
  students: number
  teaching?: object
  recipe?: RecipeOverrides
}

/** Five steps in each of two epochs. */
function orderOf({ students, teaching, recipe }: Arrangement, everySteps: number): TrainingOrder {
  const names = ['ada', 'ben', 'eve'].slice(0, students)
  const order = smallOrder({
    students: Object.fromEntries(names.map((name) => [name, 'convnet-0.25'])),
    teaching: students === 1 ? { method: 'INDEPENDENT' } : teaching,
    recipe: { batchSize: 4, ...recipe },
    stored,
  })
  return { ...order, checkpoints: { folder: newFolder(), everySteps, keep: 10 } }
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'studyhall-checkpoints-'))
}

const folderOf = (order: TrainingOrder) => order.checkpoints!.folder
const manifestOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
const stepsIn = (folder: string) => manifestOf(folder).checkpoints.map(({ step }: { step: number }) => step)
const warningsOf = ({ events }: FinishedRun) =>
  eventsOfType(events, 'log').flatMap(({ level, message }) => (level === 'WARN' ? [message] : []))

/** The same order, whose folder holds what the run's held when the step's checkpoint was written. */
function interruptedAfter(step: number, order: TrainingOrder): TrainingOrder {
  const folder = newFolder()
  const manifest = manifestOf(folderOf(order))
  manifest.checkpoints = manifest.checkpoints.filter((entry: { step: number }) => entry.step <= step)
  for (const { file } of manifest.checkpoints) copyFileSync(join(folderOf(order), file), join(folder, file))
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
  const outputFolder = mkdtempSync(join(tmpdir(), 'studyhall-run-'))
  return { ...order, outputFolder, checkpoints: { ...order.checkpoints!, folder } }
}

/** Everything that a run leaves: state after its last step, evaluation, exports. */
function resultOf({ events, outcome }: FinishedRun) {
  return {
    outcome,
    state: eventsOfType(events, 'checkpoint').at(-1)?.sha256,
    evaluation: eventsOfType(events, 'evaluation').map(({ evaluation, suspectsPath }) => [
      evaluation,
      readFileSync(suspectsPath, 'utf8'),
    ]),
    exports: eventsOfType(events, 'artifact').map(({ fileName, path }) => [
      fileName,
      createHash('sha256').update(readFileSync(path)).digest('hex'),
    ]),
  }
}

/** Of every optimizer, so that its state is seen to come back. */
const OPTIMIZER_SETTINGS: { [K in keyof typeof OPTIMIZERS]: RecipeOverrides['optimizer'] } = {
  SGD: { kind: 'SGD', momentum: 0.9, nesterov: true, weightDecay: 5e-4 },
  ADAM: { kind: 'ADAM', weightDecay: 1e-4 },
  ADAMW: { kind: 'ADAMW', weightDecay: 1e-2 },
}

interface Interruption extends Arrangement {
  title: string
}

const ofTwo = Object.entries(OPTIMIZER_SETTINGS).flatMap(([kind, optimizer]) =>
  (['SEQUENTIAL', 'SIMULTANEOUS'] as const).map((updateRule) => ({
    title: `two students, ${updateRule}, ${kind}`,
    students: 2,
    teaching: { updateRule },
    recipe: { optimizer },
  })),
)
const INTERRUPTIONS: Interruption[] = [
  ...ofTwo,
  { title: 'one student', students: 1 },
  { title: 'three students, averages of peers', students: 3, teaching: { peerAverageDecay: 0.9 } },
  { title: 'three students, SIMULTANEOUS', students: 3, teaching: { updateRule: 'SIMULTANEOUS' } },
]

describe('a run that was interrupted and goes on', () => {
  it.each(INTERRUPTIONS.map((interruption, i) => ({ step: i + 1, ...interruption })))(
    'after step $step is the same to the bit as one that was not: $title',
    async ({ step, ...arrangement }) => {
      // No evaluation on the way, whose checkpoint would take the place of this one.
      const recipe = { evaluateEveryEpochs: 2, ...arrangement.recipe }
      const order = orderOf({ ...arrangement, recipe }, step)
      const whole = await trainToTheEnd(order)
      expect(stepsIn(folderOf(order))).toContain(step)
      const resumed = await trainToTheEnd(interruptedAfter(step, order))
      expect(warningsOf(resumed)).toEqual([])
      expect(resumed.points).toEqual(whole.points.filter((point) => point.step > step))
      expect(resultOf(resumed)).toEqual(resultOf(whole))
    },
    120_000,
  )

  it('after a stop among a teacher’s students is the same too, with averaged weights and wrong labels', async () => {
    const teaching = { method: 'DISTILLATION' }
    const recipe = { averageDecay: 0.9, labelNoise: 0.2, evaluateEveryEpochs: 2 }
    const order = orderOf({ students: 2, teaching, recipe }, 100)
    const whole = await trainToTheEnd(order)
    const other = { ...order, checkpoints: { folder: newFolder(), keep: 1 } }
    // Asked once before the capture, once before each step, once in the evaluation after step 10.
    let asked = 0
    const stopped = await trainToTheEnd(other, () => ++asked === 16)
    expect(stepsIn(folderOf(other)).at(-1)).toBe(13)
    const resumed = await trainToTheEnd(other)
    expect([...stopped.points, ...resumed.points]).toEqual(whole.points)
    expect(resultOf(resumed)).toEqual(resultOf(whole))
  }, 120_000)
})

describe('the checkpoints of a run', () => {
  let order: TrainingOrder
  let whole: FinishedRun
  beforeAll(async () => {
    order = orderOf({ students: 1 }, 4)
    whole = await trainToTheEnd(order)
  }, 120_000)

  it('are told of when they are on the disk, after every point of their step', () => {
    const told = eventsOfType(whole.events, 'checkpoint')
    expect(told.map(({ step }) => step)).toEqual(stepsIn(folderOf(order)))
    for (const { path, sha256, bytes } of told) {
      const file = readFileSync(path)
      expect(file.length).toBe(bytes)
      expect(createHash('sha256').update(file).digest('hex')).toBe(sha256)
    }
    const before = whole.events.slice(0, whole.events.indexOf(told[1]!))
    const points = before.flatMap((event) => (event.type === 'metrics' ? event.points : []))
    expect(told[1]!.step).toBe(5)
    expect(points.filter(({ step }) => step <= 5)).toEqual(whole.points.filter(({ step }) => step <= 5))
  })

  it('hold weights, statistics and optimizer state, and what they belong to', () => {
    const { path } = eventsOfType(whole.events, 'checkpoint').at(-1)!
    const { tensors, metadata } = decodeSafetensors(readFileSync(path))
    const names = tensors.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining([
        'ada/stem/kernel',
        'ada/stem_bn/moving_mean',
        expect.stringMatching(/stem\/kernel\/\w/),
      ]),
    )
    expect(JSON.parse(metadata.recipe!)).toEqual(order.recipe)
    expect(JSON.parse(metadata.cohort!)).toEqual(order.cohort)
    expect(metadata).toMatchObject({ step: '10', seed: '1', engineVersion: expect.stringMatching(/^\d/) })
  })

  it('that are cut off or changed are noticed, and the one before is used', async () => {
    const damaged = interruptedAfter(10, order)
    const [newest, second, third] = manifestOf(folderOf(damaged)).checkpoints.reverse()
    truncateSync(join(folderOf(damaged), newest.file), 1000)
    const flipped = readFileSync(join(folderOf(damaged), second.file))
    flipped[flipped.length - 1]! ^= 1
    writeFileSync(join(folderOf(damaged), second.file), flipped)
    const resumed = await trainToTheEnd(damaged)
    expect(warningsOf(resumed)).toEqual([
      `The checkpoint of step 10 is not used: its file has 1000 bytes instead of ${newest.bytes}.`,
      `The checkpoint of step ${second.step} is not used: its file has changed since it was written.`,
    ])
    expect(resumed.points).toEqual(whole.points.filter(({ step }) => step > third.step))
    expect(resultOf(resumed)).toEqual(resultOf(whole))
  }, 60_000)

  it('are found by their own files where the manifest is damaged', async () => {
    const damaged = interruptedAfter(5, order)
    truncateSync(join(folderOf(damaged), 'manifest.json'), 100)
    const file = readdirSync(folderOf(damaged)).find((name) => name.startsWith('step-5-'))!
    truncateSync(join(folderOf(damaged), file), 1000)
    const resumed = await trainToTheEnd(damaged)
    expect(warningsOf(resumed)).toEqual([expect.stringMatching(/manifest cannot be read/)])
    expect(resumed.points).toEqual(whole.points.filter(({ step }) => step > 4))
    expect(resultOf(resumed)).toEqual(resultOf(whole))
  }, 60_000)

  it('of another order are not used, and stay', async () => {
    const other = { ...interruptedAfter(5, order), seed: 2 }
    other.checkpoints = { ...other.checkpoints!, keep: 1 }
    const run = await trainToTheEnd(other)
    expect(warningsOf(run)).toEqual(['The checkpoint of step 5 is not used: it has another seed.'])
    expect(Math.min(...run.points.map(({ step }) => step))).toBe(1)
    expect(stepsIn(folderOf(other)).slice(0, 2)).toEqual([4, 5])
  }, 60_000)

  it('are the newest and the best of all; what an interrupted writing left is cleared away', async () => {
    const own = { ...order, checkpoints: { folder: newFolder(), everySteps: 3, keep: 1 } }
    writeFileSync(join(folderOf(own), '.unfinished-step-3-00000000.safetensors'), 'half of it')
    const run = await trainToTheEnd(own)
    const top1 = (step: number) =>
      run.points.find((point) => point.name === 'testTop1' && point.step === step)!.value
    const best = top1(10) > top1(5) ? [] : [5]
    expect(stepsIn(folderOf(own))).toEqual([...best, 10])
    const files = manifestOf(folderOf(own)).checkpoints.map(({ file }: { file: string }) => file)
    expect(readdirSync(folderOf(own)).sort()).toEqual([...files, 'manifest.json'].sort())
  }, 60_000)

  it('include one of the moment of a stop, even in an evaluation, which is then made up for', async () => {
    const own = { ...order, checkpoints: { folder: newFolder(), keep: 1 } }
    // Asked once before the capture and once before each step; the seventh time is in the evaluation after step 5.
    let asked = 0
    const stopped = await trainToTheEnd(own, () => ++asked === 7)
    expect(stopped.outcome).toBe('stopped')
    expect(eventsOfType(stopped.events, 'checkpoint').map(({ step }) => step)).toEqual([5])
    const resumed = await trainToTheEnd(own)
    expect([...stopped.points, ...resumed.points]).toEqual(whole.points)
    expect(resultOf(resumed)).toEqual(resultOf(whole))
  }, 60_000)

  it('that cannot be written are told of, and the training goes on', async () => {
    const folder = newFolder()
    const own = { ...order, checkpoints: { folder, everySteps: 4, keep: 1 } }
    // A folder in the manifest's place: nothing can be renamed to it.
    mkdirSync(join(folder, 'manifest.json'))
    const run = await trainToTheEnd(own)
    expect(run.outcome).toBe('finished')
    expect(warningsOf(run)[0]).toMatch(
      /^The checkpoints' manifest cannot be read; inspecting their files instead: /,
    )
    expect(eventsOfType(run.events, 'checkpointFailed')[0]?.message).toMatch(
      /^The checkpoint of step 4 was not written: /,
    )
    expect(eventsOfType(run.events, 'checkpoint')).toEqual([])
    expect(run.points).toEqual(whole.points)
  }, 60_000)
})

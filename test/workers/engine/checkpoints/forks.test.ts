import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { Cohort } from '../../../../contract/cohort.ts'
import { Recipe, type RecipeOverrides } from '../../../../contract/recipes/recipe.ts'
import { joinedAfter } from '../../../../contract/runs/fork.ts'
import { canonicalJson } from '../../../../contract/runs/receipt.ts'
import type { TrainingOrder } from '../../../../contract/training.ts'
import { goOnFrom, readForkOrigin } from '../../../../workers/engine/checkpoints/fork-origin.ts'
import { decodeSafetensors, encodeSafetensors } from '../../../../workers/engine/safetensors.ts'
import { drawInitialWeight } from '../../../../workers/engine/students/initial-weights.ts'
import { eventsOfType, type FinishedRun, smallOrder, trainToTheEnd } from '../small-run.ts'
import { storeSyntheticDataset } from '../synthetic-dataset.ts'

/** Whoever stays when a run is forked goes on to the bit as it would have. Five steps in each of two epochs. */

const stored = storeSyntheticDataset({ size: 8, train: 20, test: 6 })
const net = 'convnet-0.25'
const STEP = 3

const newFolder = (name: string) => mkdtempSync(join(tmpdir(), `studyhall-${name}-`))

function orderOf(
  names: readonly string[],
  teaching: object,
  recipe: RecipeOverrides = {},
  everySteps = STEP,
): TrainingOrder {
  const order = smallOrder({
    students: Object.fromEntries(names.map((name) => [name, net])),
    ...{ teaching, stored },
    recipe: {
      batchSize: 4,
      evaluateEveryEpochs: 2,
      averageDecay: 0.9,
      optimizer: { kind: 'ADAM', weightDecay: 0 },
      ...recipe,
    },
  })
  return {
    ...order,
    formats: ['SAFETENSORS'],
    checkpoints: { folder: newFolder('checkpoints'), everySteps, keep: 10 },
  }
}

interface Changes {
  students?: string[]
  teaching?: object
  recipe?: Partial<Recipe>
  step?: number
}

function checkpointOf(run: FinishedRun, at = STEP) {
  return eventsOfType(run.events, 'checkpoint').find(({ step }) => step === at)!
}

function forkOf(
  { order, run }: { order: TrainingOrder; run: FinishedRun },
  { students, teaching, recipe, step = STEP }: Changes = {},
): TrainingOrder {
  const { path, sha256 } = checkpointOf(run, step)
  const cohort = Cohort.parse({
    students: students?.map((name) => ({ name, architecture: net })) ?? order.cohort.students,
    teaching: teaching ?? order.cohort.teaching,
  })
  const joined = joinedAfter(readForkOrigin(path), cohort, step)
  return {
    ...order,
    ...{ cohort, recipe: Recipe.parse({ ...order.recipe, ...recipe }), fork: { sha256, step, joined } },
    blobPaths: { ...order.blobPaths, [sha256]: path },
    outputFolder: newFolder('run'),
    checkpoints: { ...order.checkpoints!, folder: newFolder('checkpoints') },
  }
}

async function train(order: TrainingOrder) {
  const run = await trainToTheEnd(order)
  return { order, run, failure: eventsOfType(run.events, 'failed')[0]?.message }
}

/** A student's points and the weights that it was delivered with, wherever it stands in the cohort. */
function ofStudent({ order, run }: { order: TrainingOrder; run: FinishedRun }, name: string, after = STEP) {
  const place = order.cohort.students.findIndex((student) => student.name === name)
  const file = join(order.outputFolder, `${name}-${net}-safetensors`, 'model.safetensors')
  return {
    points: run.points
      .filter(({ student, step }) => student === place && step > after)
      .filter((point) => point.name !== 'testDivergence')
      .map(({ name: metric, step, value }) => [metric, step, value]),
    weights: decodeSafetensors(readFileSync(file)).tensors.map((tensor) => [tensor.name, [...tensor.values]]),
  }
}

/** The same checkpoint as one of another order, as if that order had been trained up to it. */
function asOf(order: TrainingOrder, path: string): TrainingOrder {
  const { tensors, metadata } = decodeSafetensors(readFileSync(path))
  const { cohort, recipe } = order
  const told = { ...metadata, cohort: canonicalJson(cohort), recipe: canonicalJson(recipe) }
  const folder = newFolder('checkpoints')
  const content = encodeSafetensors({ tensors, metadata: told })
  const sha256 = createHash('sha256').update(content).digest('hex')
  writeFileSync(join(folder, `step-${STEP}-${sha256.slice(0, 8)}.safetensors`), content)
  return { ...order, outputFolder: newFolder('run'), checkpoints: { ...order.checkpoints!, folder } }
}

/** A fork's beginning alone, without a program that would learn nothing. */
const untouched = { readState: () => expect.fail('it was begun'), writeState: () => {} }
const begin = (order: TrainingOrder) => goOnFrom(order.fork!, order, untouched)

let alone: Awaited<ReturnType<typeof train>>
let mutual: Awaited<ReturnType<typeof train>>
beforeAll(async () => {
  alone = await train(orderOf(['ada', 'ben'], { method: 'INDEPENDENT' }))
  mutual = await train(orderOf(['ada', 'ben'], { method: 'MUTUAL' }))
}, 60_000)

describe('to the bit', () => {
  it.each(['INDEPENDENT', 'MUTUAL'])(
    'a fork of %s with nothing changed is the run itself',
    async (method) => {
      const parent = method === 'MUTUAL' ? mutual : alone
      const fork = await train(forkOf(parent))
      expect(fork.failure).toBeUndefined()
      expect(fork.run.points).toEqual(parent.run.points.filter(({ step }) => step > STEP))
      for (const name of ['ada', 'ben']) expect(ofStudent(fork, name)).toEqual(ofStudent(parent, name))
      const [evaluation] = eventsOfType(fork.run.events, 'evaluation')
      expect(evaluation?.evaluation).toEqual(eventsOfType(parent.run.events, 'evaluation')[0]?.evaluation)
    },
  )

  it.each([
    ['added before the others', ['eve', 'ada', 'ben'], ['ada', 'ben']],
    ['replaced', ['eve', 'ben'], ['ben']],
  ])(
    'who stays under INDEPENDENT goes on as it would have: a student is %s',
    async (_, students, staying) => {
      const fork = await train(forkOf(alone, { students }))
      expect(fork.failure).toBeUndefined()
      for (const name of staying) expect(ofStudent(fork, name)).toEqual(ofStudent(alone, name))
      expect(Math.min(...fork.run.points.map(({ step }) => step))).toBe(STEP + 1)
    },
  )

  it('a newcomer begins with what its name draws, and its optimizer and average count its own steps', async () => {
    const order = forkOf(alone, { students: ['ada', 'eve'] })
    const fork = await train({ ...order, checkpoints: { ...order.checkpoints!, everySteps: 1 } })
    const { tensors } = decodeSafetensors(readFileSync(checkpointOf(fork.run, STEP + 1).path))
    const valuesOf = (name: string) => [
      ...tensors.find((tensor) => tensor.name === `eve/logits/kernel${name}`)!.values,
    ]
    const [weights, average, moment] = [valuesOf(''), valuesOf('/average'), valuesOf('/first_moment')]
    const classes = stored.dataset.classes.length
    const drawn = drawInitialWeight('logits/kernel', [weights.length / classes, classes], [1, 'eve'])!
    const { value: rate } = fork.run.points.find(
      ({ name, step }) => name === 'learningRate' && step === STEP + 1,
    )!
    const clear = weights.flatMap((_, i) => (Math.abs(moment[i]!) > 1e-4 ? [i] : []))
    expect(clear.length).toBeGreaterThan(5)
    for (const i of clear) {
      // The first step of Adam is as long as the learning rate, and the first share of the average is 9 of 11.
      expect(weights[i]! - drawn[i]!).toBeCloseTo(-rate * Math.sign(moment[i]!), 5)
      expect(average[i]! - drawn[i]!).toBeCloseTo((9 / 11) * (weights[i]! - drawn[i]!), 5)
    }
  })

  it('another teaching and another recipe from a step on are those that would have been resumed there', async () => {
    const changes = {
      teaching: { method: 'MUTUAL', updateRule: 'SIMULTANEOUS', weight: 3, temperature: 2 },
      recipe: { learningRate: 0.01, labelSmoothing: 0.1, clipNorm: 1, averageDecay: 0.5 },
    }
    const fork = await train(forkOf(mutual, changes))
    const { fork: _, ...order } = fork.order
    const changedByHand = await train(asOf(order, checkpointOf(mutual.run).path))
    expect(fork.failure).toBeUndefined()
    expect(fork.run.points).toEqual(changedByHand.run.points)
    expect(ofStudent(fork, 'ada').weights).toEqual(ofStudent(changedByHand, 'ada').weights)
    expect(ofStudent(fork, 'ada').weights).not.toEqual(ofStudent(mutual, 'ada').weights)
  })

  it('a fork of a fork goes on with who joined on the way, who keeps its own count', async () => {
    const joined = await train(forkOf(alone, { students: ['ada', 'ben', 'eve'] }))
    const again = await train(forkOf(joined, { students: ['eve', 'ben', 'fay'], step: 6 }))
    expect(again.order.fork?.joined).toEqual({ eve: 3, fay: 6 })
    expect(again.failure).toBeUndefined()
    expect(ofStudent(again, 'eve', 6)).toEqual(ofStudent(joined, 'eve', 6))
    expect(ofStudent(again, 'ben', 6)).toEqual(ofStudent(alone, 'ben', 6))
  })

  it('a fork that is stopped at once, and again later, ends as one that was not; so does one in chunks of steps', async () => {
    const order = forkOf(mutual, { students: ['ada', 'eve'], recipe: { epochs: 3 } })
    const whole = await train(order)
    const stops = {
      ...order,
      outputFolder: newFolder('run'),
      checkpoints: { folder: newFolder('stops'), keep: 2 },
    }
    // Asked once before the capture, once before each step.
    for (const most of [2, 6]) {
      let asked = 0
      const stopped = await trainToTheEnd(stops, () => ++asked === most)
      expect(stopped.outcome).toBe('stopped')
    }
    const resumed = await train(stops)
    const chunked = await train({
      ...{ ...order, outputFolder: newFolder('run'), checkpoints: { folder: newFolder('chunked'), keep: 2 } },
      execution: { stepsPerCall: 4 },
    })
    for (const name of ['ada', 'eve']) {
      expect(ofStudent(resumed, name).weights, name).toEqual(ofStudent(whole, name).weights)
      expect(ofStudent(chunked, name), name).toEqual(ofStudent(whole, name))
    }
  })
})

describe('a fork is refused', () => {
  it.each<[string, RegExp, Changes]>([
    ['nobody stays', /nobody of the run stays/, { students: ['eve'], teaching: { method: 'INDEPENDENT' } }],
    ['the order of images changes', /leave it at 4/, { recipe: { batchSize: 5 } }],
    [
      'its epochs are over',
      /of step 10, and the recipe’s epochs end with step 10; give it more/,
      { step: 10, recipe: { epochs: 2 } },
    ],
  ])('before a step where %s', (_, words, changes) => {
    expect(() => begin(forkOf(alone, changes))).toThrow(words)
  })

  it('before a step, with the reason for the run’s page, where the checkpoint is missing', async () => {
    const { failure, run } = await train({ ...forkOf(alone), blobPaths: stored.blobPaths })
    expect(failure).toMatch(/checkpoint cannot be read \(ENOENT\)/)
    expect(run.points).toEqual([])
  })

  it('where the checkpoint is damaged, or of another dataset or seed', () => {
    const order = forkOf(alone)
    const { sha256 } = order.fork!
    const other = storeSyntheticDataset({ size: 8, train: 20, test: 5 })
    const own = { [sha256]: order.blobPaths[sha256]! }
    const damaged = join(newFolder('damaged'), 'checkpoint')
    writeFileSync(damaged, readFileSync(own[sha256]!))
    truncateSync(damaged, 20_000)
    expect(() => begin({ ...order, blobPaths: { [sha256]: damaged } })).toThrow(/damaged/)
    const others = { ...other, blobPaths: { ...other.blobPaths, ...own } }
    expect(() => begin({ ...order, ...others })).toThrow(/another dataset/)
    expect(() => begin({ ...order, seed: 2 })).toThrow(/another seed/)
  })
})

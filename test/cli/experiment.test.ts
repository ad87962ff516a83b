import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readExperiment } from '../../cli/experiment/read-experiment.ts'
import { ExperimentRecord } from '../../experiments/record.ts'
import { programArguments } from '../../scripts/start/program.ts'
import { twoClasses, writeZip } from '../workers/datasets/pictures.ts'

let folder: string
let data: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'experiment-'))
  data = await writeZip(path.join(folder, 'tiny.zip'), await twoClasses(16))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const students = ['convnet-0.25', 'convnet-0.25']
const TINY = {
  title: 'Alone and together',
  subset: { trainPerClass: 8, testPerClass: 2, seed: 1 },
  recipe: { preset: 'quick', overrides: { epochs: 1, batchSize: 8, schedule: { kind: 'CONSTANT' } } },
  conditions: [{ name: 'clean' }],
  arms: [
    { name: 'alone', students, teaching: { method: 'INDEPENDENT' } },
    { name: 'mutual', students, teaching: { method: 'MUTUAL' } },
  ],
  seeds: [1, 2],
}

async function write(name: string, experiment: unknown): Promise<string> {
  const file = path.join(folder, name)
  await writeFile(file, JSON.stringify(experiment))
  return file
}

const environment = () => {
  const { PATH, HOME, LD_LIBRARY_PATH } = process.env
  return { PATH, HOME, LD_LIBRARY_PATH }
}
const argumentsFor = (file: string, out: string) => [...programArguments('experiment'), file, '--out', out]

function run(file: string, out: string, more: string[] = ['--data', data]) {
  return promisify(execFile)(process.execPath, [...argumentsFor(file, out), ...more], { env: environment() })
}

async function readRecord(out: string): Promise<ExperimentRecord> {
  return ExperimentRecord.parse(JSON.parse(await readFile(path.join(out, 'results.json'), 'utf8')))
}

describe('an experiment', { timeout: 240_000 }, () => {
  it('compares its arms seed by seed in a table, a chart and figures, and trains nothing twice', async () => {
    const file = await write('tiny.json', TINY)
    const out = path.join(folder, 'results')
    const { stdout } = await run(file, out)
    expect(stdout).toMatch(
      /\| average student, % \| mutual \| \d+\.\d ± \d+\.\d \| .+ \| \d of 2 \| .+ over “alone”: /,
    )
    expect(await readFile(path.join(out, 'table.md'), 'utf8')).toContain('Alone and together')
    expect(await readFile(path.join(out, 'chart.svg'), 'utf8')).toMatch(/^<svg[^>]*>/)
    const first = await readFile(path.join(out, 'results.json'), 'utf8')
    expect(JSON.parse(first).trials).toHaveLength(4)
    await run(file, out)
    // The seconds of each training are in it: what is trained again differs.
    expect(await readFile(path.join(out, 'results.json'), 'utf8')).toBe(first)
  })

  it('writes its tables again from what it has found, without images and without training', async () => {
    const file = await write('again.json', TINY)
    const out = path.join(folder, 'results')
    const table = await readFile(path.join(out, 'table.md'), 'utf8')
    await rm(path.join(out, 'table.md'))
    const { stdout } = await run(file, out, ['--report'])
    expect(stdout).toContain(table.trim())
    expect(await readFile(path.join(out, 'table.md'), 'utf8')).toBe(table)
  })

  it('gives every trial the same threads, so that a student of four is to the bit what it is by itself', async () => {
    const students = ['convnet-0.25', 'convnet-0.25', 'convnet-0.25', 'convnet-0.25']
    const teaching = { method: 'INDEPENDENT' }
    const arms = [
      { name: 'four', students, teaching },
      { name: 'one', students: students.slice(0, 1), teaching },
    ]
    const out = path.join(folder, 'four')
    await run(await write('four.json', { ...TINY, arms, seeds: [1] }), out)
    const { execution, trials } = await readRecord(out)
    expect(execution?.threadsPerOperation).toBe(Math.max(1, Math.floor(availableParallelism() / 2)))
    expect(execution?.settings).toEqual({ TF_CUDNN_DETERMINISTIC: '1', TF_DETERMINISTIC_OPS: '1' })
    const [four, one] = trials.map(({ evaluation }) => evaluation?.students[0])
    expect(four).toBeDefined()
    expect(one).toEqual(four)
  })

  it('tells and counts an arm that fails, and trains the others', async () => {
    const [alone, mutual] = TINY.arms
    const arms = [
      alone,
      { name: 'shouting', students, teaching: { method: 'MUTUAL', weight: 100, temperature: 100 } },
      mutual,
    ]
    const recipe = { ...TINY.recipe, overrides: { ...TINY.recipe.overrides, learningRate: 10, epochs: 3 } }
    const out = path.join(folder, 'failing')
    const file = await write('failing.json', { ...TINY, recipe, arms, seeds: [1] })
    const failed = await run(file, out).catch((error) => error)
    expect(failed.code).toBe(1)
    expect(failed.stdout).toMatch(/\d of 3 trials failed[\s\S]+clean, shouting, seed 1: .+NOT_FINITE/)
    const { trials } = await readRecord(out)
    expect(trials.map(({ arm }) => arm)).toEqual(['alone', 'shouting', 'mutual'])
  })

  it('begins with given weights in one arm alone, and keeps what it has when it is interrupted', async () => {
    const out = path.join(folder, 'interrupted')
    const file = await write('interrupted.json', { ...TINY, seeds: [7, 8, 9] })
    const given = path.join(folder, 'results/models/student-1-convnet-0.25-tfjs/model.json')
    const more = ['--data', data, '--start', `alone=${given}`, '--freeze', '1', '--start-licence', 'MIT']
    const child = spawn(process.execPath, [...argumentsFor(file, out), ...more], { env: environment() })
    const ended = once(child, 'close')
    await new Promise<void>((resolve) => {
      child.stderr.on('data', (told) => /alone · seed 7: \d+ s/.test(String(told)) && resolve())
    })
    child.kill('SIGINT')
    expect(await ended).toEqual([130, null])
    const { trials, arms } = await readRecord(out)
    expect(trials[0]).toMatchObject({ arm: 'alone', seed: 7, evaluation: expect.anything() })
    const [alone, mutual] = arms.map(({ cohort }) => cohort.students)
    const source = { form: 'TFJS', licence: 'MIT', name: 'model.json' }
    for (const student of alone!) expect(student.start).toMatchObject({ source, frozenEpochs: 1 })
    for (const student of mutual!) expect(student.start).toBeUndefined()
    expect(await readFile(path.join(out, 'table.md'), 'utf8')).toMatch(
      /\d of 6 trials have not been trained yet/,
    )
  })

  it('is not begun with weights that cannot be read, or with frozen layers and no weights', async () => {
    const file = await write('unread.json', TINY)
    const out = path.join(folder, 'unread')
    for (const [more, told] of [
      [['--start', 'mutual=/dev/null'], /--start null cannot be started from/],
      [['--freeze', '2'], /--freeze and --start-licence are about the weights of --start/],
    ] as const) {
      const failed = await run(file, out, ['--data', data, ...more]).catch((error) => error)
      expect([failed.code, failed.stderr]).toEqual([2, expect.stringMatching(told)])
    }
  })

  it('with a batch that its images do not fill is refused before anything is trained', async () => {
    const conditions = [{ name: 'greedy', overrides: { batchSize: 64 } }]
    const out = path.join(folder, 'greedy')
    const failed = await run(await write('greedy.json', { ...TINY, conditions }), out).catch((error) => error)
    expect(failed.code).toBe(2)
    expect(failed.stderr).toContain('Condition greedy: the recipe does not fit')
  })

  it('has whole pairs first, so that a cut experiment can be compared', async () => {
    const { trials } = readExperiment(await write('order.json', TINY))
    expect(trials.map(({ seed, arm }) => `${seed} ${arm}`)).toEqual([
      '1 alone',
      '1 mutual',
      '2 alone',
      '2 mutual',
    ])
  })

  it.each([
    ['an unknown key', { ...TINY, seed: 3 }, /is no experiment: .*seed/],
    [
      'an unknown architecture',
      { ...TINY, arms: [{ ...TINY.arms[0], students: ['resnet-9'] }] },
      /arm alone: .*resnet-9/,
    ],
    [
      'an unknown key of the recipe',
      { ...TINY, conditions: [{ name: 'odd', overrides: { noise: 1 } }] },
      /condition odd: .*noise/,
    ],
    [
      'an arm with a batch of its own',
      { ...TINY, arms: [TINY.arms[0], { ...TINY.arms[1], overrides: { batchSize: 4 } }] },
      /Arm mutual sets its own “overrides”, so it cannot be paired/,
    ],
    [
      'an arm with data of its own',
      { ...TINY, arms: [TINY.arms[0], { ...TINY.arms[1], data: 'other.zip' }] },
      /Arm mutual sets its own “data”/,
    ],
    [
      'arms of other networks',
      { ...TINY, arms: [TINY.arms[0], { ...TINY.arms[1], students: ['resnet-8', 'resnet-8'] }] },
      /Arm mutual cannot be paired with its control alone/,
    ],
    [
      'a control that is not there',
      { ...TINY, arms: [TINY.arms[0], { ...TINY.arms[1], control: 'nobody' }] },
      /Arm mutual has the control “nobody”/,
    ],
    ['the same seed twice', { ...TINY, seeds: [1, 2, 1] }, /The seed 1 is listed twice/],
    ['the same arm twice', { ...TINY, arms: [TINY.arms[0], TINY.arms[0]] }, /The arm alone is listed twice/],
  ])('with %s is refused by name', async (name, experiment, message) => {
    const file = await write(`${name}.json`, experiment)
    expect(() => readExperiment(file)).toThrow(message)
  })
})

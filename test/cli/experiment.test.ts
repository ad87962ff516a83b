import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { spreadOf } from '../../cli/experiment/compare-arms.ts'
import { readExperiment } from '../../cli/experiment/read-experiment.ts'
import { programArguments } from '../../scripts/start/program.ts'
import { twoClasses, writeZip } from '../workers/datasets/pictures.ts'

let folder: string
let data: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'experiment-'))
  data = await writeZip(path.join(folder, 'tiny.zip'), await twoClasses(16))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const students = ['resnet-8', 'resnet-8']
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

function run(file: string, out: string) {
  const { PATH, HOME, LD_LIBRARY_PATH } = process.env
  return promisify(execFile)(
    process.execPath,
    [...programArguments('experiment'), file, '--data', data, '--out', out],
    { env: { PATH, HOME, LD_LIBRARY_PATH } },
  )
}

describe('an experiment', { timeout: 120_000 }, () => {
  it('compares its arms seed by seed in a table, a chart and figures, and trains nothing twice', async () => {
    const file = await write('tiny.json', TINY)
    const out = path.join(folder, 'results')
    const { stdout } = await run(file, out)
    expect(stdout).toMatch(/\| clean \| average student \| \d+\.\d ± \d+\.\d \| .+\(\d of 2 seeds\) \|/)
    expect(await readFile(path.join(out, 'table.md'), 'utf8')).toContain('Alone and together')
    expect(await readFile(path.join(out, 'chart.svg'), 'utf8')).toMatch(/^<svg[^>]*>/)
    const first = await readFile(path.join(out, 'results.json'), 'utf8')
    expect(JSON.parse(first).trials).toHaveLength(4)
    await run(file, out)
    // The seconds of each training are in it: what is trained again differs.
    expect(await readFile(path.join(out, 'results.json'), 'utf8')).toBe(first)
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
  ])('with %s is refused by name', async (name, experiment, message) => {
    const file = await write(`${name}.json`, experiment)
    expect(() => readExperiment(file)).toThrow(message)
  })
})

it('takes the deviation of a sample, and none of a single value', () => {
  expect(spreadOf([1, 2, 3, 4])).toEqual({ mean: 2.5, deviation: Math.sqrt(5 / 3) })
  expect(spreadOf([0.5])).toEqual({ mean: 0.5, deviation: null })
})

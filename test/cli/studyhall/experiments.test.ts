import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ONE_CONDITION, openExperimentScene, type Trial } from '../../server/experiments/scene.ts'
import { moveRun } from '../../server/rows.ts'
import { openTerminal, type Terminal } from './run-studyhall.ts'

const scene = openExperimentScene()
let terminal: Terminal
let file: string
beforeAll(async () => {
  terminal = await openTerminal(scene.server, scene.ada)
  file = path.join(terminal.home, 'experiment.json')
  await writeFile(file, JSON.stringify(ONE_CONDITION))
})
afterAll(() => terminal.close())

const start = (...argv: string[]) =>
  terminal.studyhall(['experiment', 'start', '--dataset', scene.datasetVersionId, ...argv])

async function trialsOf(id: string): Promise<Trial[]> {
  return (await scene.read(id, 'trials { condition arm seed run { id number status } }')).trials
}

/** With each seed the arm `mutual` is better by as much. */
async function finishAll(id: string, gains: Record<number, number>): Promise<void> {
  for (const trial of await trialsOf(id)) {
    const top1 = 0.8 + (trial.arm === 'mutual' ? (gains[trial.seed] ?? 0) : 0)
    await scene.finish(trial, [top1, top1])
  }
}

describe('studyhall experiment start', () => {
  it('takes a file, and with a key of its own starts it once', async () => {
    const argv = [file, '--idempotency-key', 'once', '--json']
    const [first, second] = [await start(...argv), await start(...argv)]
    const started = JSON.parse(first.stdout)
    expect(started).toMatchObject({ title: ONE_CONDITION.title, progress: { runs: 4, status: 'WAITING' } })
    expect(JSON.parse(second.stdout).id).toBe(started.id)
    expect(first).toMatchObject({ code: 0, stderr: expect.stringContaining('only 18 steps') })
  })

  it('makes one of students, methods and seeds', async () => {
    const { stdout, stderr, code } = await start(
      ...['--students', 'resnet-8,convnet', '--compare', 'independent,mutual', '--seeds', '7'],
      ...['--set', 'epochs=1', '--json'],
    )
    expect([code, stderr]).toEqual([0, expect.stringContaining('only one seed')])
    expect(JSON.parse(stdout)).toMatchObject({
      title: 'independent or mutual: resnet-8, convnet',
      seeds: [7],
      arms: [
        { name: 'independent', control: null, students: ['resnet-8', 'convnet'], method: 'INDEPENDENT' },
        { name: 'mutual', control: 'independent', method: 'MUTUAL' },
      ],
    })
  })

  it.each([
    [[], 'Name a file, or the students'],
    [['--students', 'resnet-8,resnet-8', '--compare', 'telepathy'], '--compare TELEPATHY'.toLowerCase()],
    [['--students', 'resnet-8,resnet-8', '--seeds', '1,x'], '--seeds x'],
    [['--students', 'resnet-8', '--expect', 'gain'], '--expect needs --wait'],
    [['--students', 'resnet-8', '--freeze', '2'], '--freeze is about the weights of --start'],
    [['--students', 'resnet-9000', '--seeds', '1'], 'resnet-9000'],
    [['nowhere.json'], 'nowhere.json cannot be read'],
  ])('refuses %j by name', async (argv, told) => {
    expect(await start(...argv)).toMatchObject({ code: 2, stderr: expect.stringContaining(told) })
  })

  it('refuses a file and what it says already', async () => {
    expect(await start(file, '--seeds', '1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('leave out'),
    })
  })
})

describe('studyhall experiment watch', () => {
  async function startedAndFinished(gains: Record<number, number>): Promise<string> {
    const { id } = JSON.parse((await start(file, '--json')).stdout)
    await finishAll(id, gains)
    return id
  }

  it('tells the results at the end, and by its exit code whether they are what was expected', async () => {
    const id = await startedAndFinished({ 1: 0.1, 2: 0.101 })
    const watch = (...argv: string[]) => terminal.studyhall(['experiment', 'watch', id, ...argv])
    const gained = await watch('--expect', 'gain')
    expect(gained.stdout).toMatch(/mutual +average student.*, % +90\.\d+ ± .*\+10\.\d+ ± .*gain/)
    expect(gained.code).toBe(0)
    const lines = (await watch('--json')).stdout.trim().split('\n')
    expect(JSON.parse(lines[0]!)).toMatchObject({ type: 'progress', succeeded: 4, status: 'ENDED' })
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({
      type: 'result',
      experiment: { results: { comparisons: expect.arrayContaining([]) } },
    })
    const other = await watch('--expect', 'worse')
    expect([other.code, other.stderr]).toEqual([
      4,
      expect.stringContaining('The verdict is not worse: mutual'),
    ])
  })

  it('waits with start --wait until the last run has ended', async () => {
    const before = await scene.server.database.experiment.count()
    const waiting = start(file, '--wait', '--expect', 'no-effect-seen')
    await expect.poll(() => scene.server.database.experiment.count()).toBe(before + 1)
    const { id } = await scene.server.database.experiment.findFirstOrThrow({ orderBy: { id: 'desc' } })
    await finishAll(id, { 1: 0.1, 2: -0.1 })
    const { code, stderr } = await waiting
    expect([code, stderr]).toEqual([0, expect.stringContaining('4 of 4 runs succeeded')])
  })

  it('ends with 1 where a run failed, and with 3 where it was canceled', async () => {
    const { id } = JSON.parse((await start(file, '--json')).stdout)
    const [first, ...others] = await trialsOf(id)
    await moveRun(scene.server.database, first!.run.id, ['STARTING', 'RUNNING', 'FAILED'])
    for (const trial of others) await scene.finish(trial, [0.8, 0.8])
    const failed = await terminal.studyhall(['experiment', 'watch', id])
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining('1 of 4 runs')])
    const other = JSON.parse((await start(file, '--json')).stdout)
    const canceling = await terminal.studyhall(['experiment', 'cancel', String(other.number)])
    expect(canceling.stdout).toBe(`experiment ${other.number}: canceled\n`)
    expect(await terminal.studyhall(['experiment', 'watch', 'latest'])).toMatchObject({ code: 3 })
  })

  it('lists, shows and reports', async () => {
    const id = await startedAndFinished({ 1: 0.1, 2: 0.101 })
    const { stdout } = await terminal.studyhall(['experiment', 'list', '--limit', '1'])
    expect(stdout).toMatch(/Does teaching each other help\? +ds_\w+@1 +ended, 4 of 4 runs succeeded/)
    const shown = await terminal.studyhall(['experiment', 'show', id])
    expect(shown.stdout).toMatch(/average student.*gain[\s\S]*Differences are paired by seed/)
    const report = await terminal.studyhall(['experiment', 'report', id, '--format', 'latex'])
    expect(report.stdout).toContain('\\toprule')
    const unknown = await terminal.studyhall(['experiment', 'show', '999'])
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('no experiment 999') })
  })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { addCounts, countPlaywright, countVitest } from '../../scripts/test/count.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'studyhall-count-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(report: object): string {
  const file = path.join(folder, 'report.json')
  writeFileSync(file, JSON.stringify(report))
  return file
}

const stats = { expected: 3, unexpected: 0, flaky: 0, skipped: 0 }
const journeys = { stats, suites: [] }
const of = (status: string) => ({ fullName: `a test that is ${status}`, status, failureMessages: [] })
const fileOf = (...statuses: string[]) => ({
  ...{ name: path.resolve('test/b.test.ts'), status: 'passed', assertionResults: statuses.map(of) },
})
const vitest = {
  testResults: [fileOf('passed', 'passed', 'skipped'), fileOf('passed', 'passed', 'passed', 'todo')],
}

function brokenFile(message: string, assertionResults: object[] = []): object {
  return {
    ...vitest,
    testResults: [{ name: path.resolve('test/a.test.ts'), status: 'failed', message, assertionResults }],
  }
}

describe('The closing line of npm test', () => {
  it('adds the tests of both runners, those of journeys not walked as skipped', () => {
    const report = write({ ...journeys, stats: { ...stats, skipped: 7 } })
    const counts = [countPlaywright(report, 0), countVitest(write(vitest), 0)]
    expect(addCounts(counts)).toMatchObject({ passed: 8, skipped: 9, failures: [] })
  })

  it('counts a product that did not come up, a runner that crashed and a report that is missing as failures', () => {
    expect(countPlaywright(write(journeys), 1).failures).toEqual([
      expect.stringContaining('ended with code 1'),
    ])
    expect(countVitest(write(vitest), 1).failures).toEqual([expect.stringContaining('ended with code 1')])
    expect(countPlaywright(path.join(folder, 'none.json'), 0).failures).toEqual([
      expect.stringContaining('left no report'),
    ])
  })

  it('names each test that failed, with its file and the first line of what it said', () => {
    const failed = {
      fullName: 'A sum is right',
      status: 'failed',
      failureMessages: ['Error: 3 is not 4\n    at x'],
    }
    const passed = { fullName: 'A sum is a number', status: 'passed' }
    expect(countVitest(write(brokenFile('', [passed, failed])), 1).failures).toEqual([
      'test/a.test.ts › A sum is right: Error: 3 is not 4',
    ])
    const test = { status: 'unexpected', results: [{ error: { message: 'No heading\n12 |' } }] }
    const spec = { file: 'home.spec.ts', title: 'greets', tests: [test] }
    const suites = [{ specs: [], suites: [{ specs: [spec] }] }]
    expect(countPlaywright(write({ ...journeys, suites }), 1).failures).toEqual([
      'home.spec.ts › greets: No heading',
    ])
  })

  it('names each journey that passed only when it was tried again, with what it said the first time', () => {
    const first = { error: { message: 'No heading\n12 |' } }
    const spec = {
      ...{ file: 'home.spec.ts', title: 'greets' },
      tests: [{ status: 'flaky', results: [first, { error: null }] }],
    }
    const report = write({ stats: { ...stats, flaky: 1 }, suites: [{ specs: [spec] }] })
    expect(countPlaywright(report, 0)).toEqual({
      ...{ passed: 4, skipped: 0, failures: [], flaky: ['home.spec.ts › greets: No heading'] },
    })
  })

  it('counts a file that cannot be loaded, or whose set-up breaks, as a failure', () => {
    const skipped = { fullName: 'A sum is right', status: 'skipped', failureMessages: [] }
    for (const results of [[], [skipped]])
      expect(countVitest(write(brokenFile('No such module', results)), 1).failures).toEqual([
        'test/a.test.ts › the whole file: No such module',
      ])
  })

  it('leaves out a file whose process died before it was read', () => {
    expect(countVitest(write({ testResults: [fileOf()] }), 1)).toMatchObject({
      failures: [],
      cutOff: ['test/b.test.ts'],
    })
  })

  it('leaves out a file whose process died, which is neither passed nor failed, and names it', () => {
    const testResults = [
      fileOf('passed', 'pending', 'pending'),
      { ...fileOf('passed'), name: path.resolve('test/c.test.ts') },
    ]
    expect(countVitest(write({ testResults }), 1)).toEqual({
      ...{ passed: 1, skipped: 0, failures: [], cutOff: ['test/b.test.ts'] },
    })
  })
})

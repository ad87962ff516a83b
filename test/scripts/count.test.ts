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
const vitest = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1, testResults: [] }

describe('The closing line of npm test', () => {
  it('adds the tests of both runners, those of journeys not walked as skipped', () => {
    const journeys = write({ stats: { ...stats, unexpected: 1, skipped: 7 } })
    const counts = [countPlaywright(journeys, 1), countVitest(write(vitest), 0)]
    expect(addCounts(counts)).toEqual({ passed: 8, failed: 1, skipped: 9 })
  })

  it('counts a product that did not come up, a runner that crashed and a report that is missing as failures', () => {
    expect(countPlaywright(write({ stats: { ...stats, expected: 0 } }), 1).failed).toBe(1)
    expect(countVitest(write(vitest), 1).failed).toBe(1)
    expect(countPlaywright(path.join(folder, 'none.json'), 0).failed).toBe(1)
  })

  it('counts a file that cannot be loaded as a failure', () => {
    const testResults = [{ status: 'failed', assertionResults: [] }]
    expect(countVitest(write({ ...vitest, testResults }), 1).failed).toBe(1)
  })
})

import { readFileSync } from 'node:fs'
import { z } from 'zod'

export interface Count {
  passed: number
  failed: number
  skipped: number
}

/** What vitest's JSON reporter writes, as far as it is counted. */
const VitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
})

/** What Playwright's JSON reporter writes, as far as it is counted. */
const PlaywrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
})

export function addCounts(counts: Count[]): Count {
  return counts.reduce((sum, count) => ({
    passed: sum.passed + count.passed,
    failed: sum.failed + count.failed,
    skipped: sum.skipped + count.skipped,
  }))
}

export function countVitest(file: string, exitCode: number): Count {
  const report = readReport('vitest', file, VitestReport)
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  // A file that cannot be loaded fails without a test of its own.
  const brokenFiles = report.testResults.filter(
    (result) => result.status === 'failed' && result.assertionResults.length === 0,
  )
  return count(exitCode, {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  })
}

export function countPlaywright(file: string, exitCode: number): Count {
  const report = readReport('Playwright', file, PlaywrightReport)
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  const { expected, flaky, unexpected, skipped } = report.stats
  return count(exitCode, { passed: expected + flaky, failed: unexpected, skipped })
}

/** A run that ends badly without a failed test (a leak, a crash, a product that does not start) is a failure too. */
function count(exitCode: number, counted: Count): Count {
  return exitCode !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted
}

function readReport<T>(runner: string, file: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    console.error(`${runner} left no report: ${(error as Error).message}`)
    return undefined
  }
}

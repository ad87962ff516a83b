import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { root } from '../setup/settings.mjs'

export interface Count {
  passed: number
  skipped: number
  /** Each failure's file, name and first line of its message. */
  failures: string[]
}

/** What vitest's JSON reporter writes, as far as it is counted. */
const VitestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
})
type VitestFile = z.infer<typeof VitestReport>['testResults'][number]

const PlaywrightSpec = z.object({
  file: z.string(),
  title: z.string(),
  tests: z.array(
    z.object({
      status: z.string(),
      results: z.array(z.object({ error: z.object({ message: z.string().optional() }).nullish() })),
    }),
  ),
})
interface PlaywrightSuite {
  specs: z.infer<typeof PlaywrightSpec>[]
  suites?: PlaywrightSuite[]
}
const PlaywrightSuite: z.ZodType<PlaywrightSuite> = z.object({
  specs: z.array(PlaywrightSpec),
  get suites() {
    return z.array(PlaywrightSuite).optional()
  },
})
/** What Playwright's JSON reporter writes, as far as it is counted. */
const PlaywrightReport = z.object({
  stats: z.object({ expected: z.number(), flaky: z.number(), skipped: z.number() }),
  suites: z.array(PlaywrightSuite),
})

export function addCounts(counts: Count[]): Count {
  return counts.reduce((sum, count) => ({
    passed: sum.passed + count.passed,
    skipped: sum.skipped + count.skipped,
    failures: [...sum.failures, ...count.failures],
  }))
}

/** @returns  also the files whose process died before all their tests were done, none of whose tests is counted */
export function countVitest(file: string, exitCode: number): Count & { cutOff: string[] } {
  const report = readReport('vitest', file, VitestReport)
  if ('failures' in report) return { ...report, cutOff: [] }
  const cutOff = report.testResults.filter(isCutOff)
  const whole = report.testResults.filter((result) => !isCutOff(result))
  const tests = whole.flatMap(({ assertionResults }) => assertionResults)
  const counted = {
    passed: tests.filter(({ status }) => status === 'passed').length,
    skipped: tests.filter(({ status }) => status === 'skipped' || status === 'todo').length,
    failures: whole.flatMap(failuresOfFile),
  }
  // The code is that of the process that died.
  const code = cutOff.length > 0 ? 0 : exitCode
  return { ...count('vitest', code, counted), cutOff: cutOff.map(({ name }) => path.relative(root, name)) }
}

/** Vitest leaves the tests of a process that died as if they were still to come, or knows none of them. */
function isCutOff({ status, assertionResults }: VitestFile): boolean {
  if (assertionResults.length === 0) return status !== 'failed'
  return assertionResults.some((result) => result.status === 'pending')
}

function failuresOfFile({ name, status, message, assertionResults }: VitestFile): string[] {
  const file = path.relative(root, name)
  const failed = assertionResults.filter((result) => result.status === 'failed')
  // A file that cannot be loaded, or whose set-up breaks, fails without a test of its own.
  if (status === 'failed' && failed.length === 0) return [describe(file, 'the whole file', message)]
  return failed.map((result) => describe(file, result.fullName, result.failureMessages?.[0] ?? ''))
}

/** @returns  also what passed only when it was tried again, and why it failed the first time */
export function countPlaywright(file: string, exitCode: number): Count & { flaky: string[] } {
  const report = readReport('Playwright', file, PlaywrightReport)
  if ('failures' in report) return { ...report, flaky: [] }
  const { expected, flaky, skipped } = report.stats
  const failures = report.suites.flatMap((suite) => testsOf(suite, 'unexpected', -1))
  const counted = count('Playwright', exitCode, { passed: expected + flaky, skipped, failures })
  return { ...counted, flaky: report.suites.flatMap((suite) => testsOf(suite, 'flaky', 0)) }
}

/** @param attempt  whose message is told: 0 the first, -1 the last */
function testsOf({ specs, suites = [] }: PlaywrightSuite, status: string, attempt: number): string[] {
  const own = specs.flatMap(({ file, title, tests }) =>
    tests
      .filter((test) => test.status === status)
      .map((test) => describe(file, title, test.results.at(attempt)?.error?.message ?? '')),
  )
  return [...own, ...suites.flatMap((suite) => testsOf(suite, status, attempt))]
}

function describe(file: string, name: string, message: string): string {
  return `${file} › ${name}: ${message.trim().split('\n', 1)[0]}`
}

/** A run that ends badly without a failed test (a leak, a crash, a product that does not start) is a failure too. */
function count(runner: string, exitCode: number, counted: Count): Count {
  if (exitCode === 0 || counted.failures.length > 0) return counted
  return {
    ...counted,
    failures: [`${runner} ended with code ${exitCode}, though no test failed: its output above says why`],
  }
}

function readReport<T extends object>(runner: string, file: string, schema: z.ZodType<T>): T | Count {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    return {
      passed: 0,
      skipped: 0,
      failures: [`${runner} left no report that can be read: ${(error as Error).message}`],
    }
  }
}

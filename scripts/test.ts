/**
 * `npm test`: vitest's tests, with the pages' build, lint, types and import directions beside them, then the journeys in
 * a browser; ends with the one line that says how much passed. `npm test -- <pattern>` runs only the tests of files that
 * the pattern names.
 */
import { rmSync } from 'node:fs'
import path from 'node:path'
import { home, root } from './setup/settings.mjs'
import { holdDatabase } from './start/hold-database.ts'
import { addCounts, type Count, countPlaywright, countVitest } from './test/count.ts'
import { interruptPrograms, runProgram } from './test/run-program.ts'

const SETUP = path.join(root, 'scripts/setup/main.mjs')
const VITEST = path.join(root, 'node_modules/vitest/vitest.mjs')
const PLAYWRIGHT = path.join(root, 'node_modules/@playwright/test/cli.js')
const VITEST_REPORT = path.join(home, 'test-report.json')
/** playwright.config.ts has it written. */
const PLAYWRIGHT_REPORT = path.join(home, 'journeys-report.json')
const EXIT_INTERRUPTED = 130

/** package.json's scripts, each of which counts as one test. */
const CHECKS = [
  { name: 'lint', script: 'lint' },
  { name: 'types', script: 'types' },
  { name: 'import directions', script: 'boundaries' },
]

const PAGES_FAILED: Count = { passed: 0, skipped: 0, failures: ['The pages could not be built.'] }

const patterns = process.argv.slice(2)
/** What is no failure, and is to be looked at. */
const warnings: string[] = []
const database = holdDatabase()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void interrupt())

await database.ready
const pages = preparePages()
const checks = pages.then(runChecks)
// One after the other: side by side they take longer than in a row, since both need the cores.
const tests = [await runVitest(), (await pages) ? await runJourneys() : PAGES_FAILED]
const counts = await checks
if (patterns.length > 0 && tests.every(isNothing)) {
  const failure = `No test is in a file that ${patterns.join(' or ')} names.`
  counts.push({ passed: 0, skipped: 0, failures: [failure] })
}
await database.release().catch(() => {})

const total = addCounts([...counts, ...tests])
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
// Once more at the end: thousands of lines lie between here and where they failed.
for (const warning of warnings) console.log(`! ${warning}`)
for (const failure of total.failures) console.log(`✗ ${failure}`)
console.log(`\n${total.passed} passed, ${total.failures.length} failed${skipped}`)
process.exitCode = total.failures.length > 0 ? 1 : 0

async function runChecks(): Promise<Count[]> {
  const counts: Count[] = []
  for (const check of CHECKS) counts.push(await runCheck(check))
  return counts
}

async function runCheck({ name, script }: (typeof CHECKS)[number]): Promise<Count> {
  const startedMs = performance.now()
  const npm = process.env.npm_execpath
  if (!npm) throw new Error('Run the tests by `npm test`.')
  const { code, output } = await runProgram([npm, 'run', '--silent', script], true)
  const hasPassed = code === 0
  console.log(`${hasPassed ? '✓' : '✗'} ${name} (${((performance.now() - startedMs) / 1000).toFixed(1)} s)`)
  if (!hasPassed) console.log(output)
  return hasPassed
    ? { passed: 1, skipped: 0, failures: [] }
    : { passed: 0, skipped: 0, failures: [`npm run ${script}`] }
}

/** A process that died, as a native library's fault ends it, says nothing about its file: that is run once more. */
async function runVitest(): Promise<Count> {
  const { cutOff, ...counted } = await runVitestOn(noneIsFine('--passWithNoTests'))
  if (cutOff.length === 0) return counted
  warnings.push(...cutOff.map((file) => `The process of ${file} died: the file was run once more.`))
  const again = await runVitestOn(cutOff)
  const failures = again.cutOff.map((file) => `${file} › its process died twice`)
  return addCounts([counted, again, { passed: 0, skipped: 0, failures }])
}

function runVitestOn(args: string[]) {
  rmSync(VITEST_REPORT, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${VITEST_REPORT}`]
  return runProgram([VITEST, 'run', ...reporters, ...args]).then(({ code }) =>
    countVitest(VITEST_REPORT, code),
  )
}

/** Builds the pages, and installs a browser. @returns whether they are there */
async function preparePages(): Promise<boolean> {
  const { code } = await runProgram([SETUP, '--with-chromium', '--keep-database', '--quiet-when-done'])
  return code === 0
}

/** What failed is listed with its trace and its screenshot. */
async function runJourneys(): Promise<Count> {
  rmSync(PLAYWRIGHT_REPORT, { force: true })
  const { code } = await runProgram([PLAYWRIGHT, 'test', ...noneIsFine('--pass-with-no-tests')])
  const { flaky, ...counted } = countPlaywright(PLAYWRIGHT_REPORT, code)
  warnings.push(...flaky.map((told) => `Passed only when it was tried again: ${told}`))
  return counted
}

/** A pattern may name tests of one runner only. */
function noneIsFine(option: string): string[] {
  return patterns.length > 0 ? [option, ...patterns] : []
}

function isNothing({ passed, failures, skipped }: Count): boolean {
  return passed + failures.length + skipped === 0
}

async function interrupt(): Promise<void> {
  await interruptPrograms()
  await database.release().catch(() => {})
  process.exit(EXIT_INTERRUPTED)
}

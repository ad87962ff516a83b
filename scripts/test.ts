/** `npm test`: lint, types, import directions, then every test; ends with the one line that says how much passed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { home } from './setup/settings.mjs'
import { holdDatabase } from './start/hold-database.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const VITEST = path.join(ROOT, 'node_modules/vitest/vitest.mjs')
const EXIT_INTERRUPTED = 130
const KILL_AFTER_MS = 5_000
const REPORT = path.join(home, 'test-report.json')

interface Count {
  passed: number
  failed: number
  skipped: number
}

/** package.json's scripts, each of which counts as one test. */
const CHECKS = [
  { name: 'lint', script: 'lint' },
  { name: 'types', script: 'types' },
  { name: 'import directions', script: 'boundaries' },
]

const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
})

const database = holdDatabase()
let child: ChildProcess | undefined
let isInterrupted = false
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void interrupt())

const counts: Count[] = []
for (const check of CHECKS) counts.push(await runCheck(check))
await database.ready
counts.push(await runTests())
await database.release().catch(() => {})

const total = counts.reduce((sum, count) => ({
  passed: sum.passed + count.passed,
  failed: sum.failed + count.failed,
  skipped: sum.skipped + count.skipped,
}))
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`)
process.exitCode = total.failed > 0 ? 1 : 0

async function runCheck({ name, script }: (typeof CHECKS)[number]): Promise<Count> {
  const startedMs = performance.now()
  const npm = process.env.npm_execpath
  const args = ['run', '--silent', script]
  const { code, output } = npm
    ? await run(process.execPath, [npm, ...args], true)
    : await run('npm', args, true)
  const hasPassed = code === 0
  console.log(`${hasPassed ? '✓' : '✗'} ${name} (${((performance.now() - startedMs) / 1000).toFixed(1)} s)`)
  if (!hasPassed) console.log(output)
  return { passed: hasPassed ? 1 : 0, failed: hasPassed ? 0 : 1, skipped: 0 }
}

/** Counts by vitest's own report; a run that ends badly without a failed test (a leak, a crash) is a failure too. */
async function runTests(): Promise<Count> {
  rmSync(REPORT, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`]
  const { code } = await run(process.execPath, [VITEST, 'run', ...reporters, ...process.argv.slice(2)], false)
  const report = readReport()
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  // A file that cannot be loaded fails without a test of its own.
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  )
  const failed = report.numFailedTests + brokenFiles.length
  return {
    passed: report.numPassedTests,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

function readReport() {
  try {
    return Report.parse(JSON.parse(readFileSync(REPORT, 'utf8')))
  } catch (error) {
    console.error(`vitest left no report: ${(error as Error).message}`)
    return undefined
  }
}

function run(program: string, args: string[], isQuiet: boolean) {
  return new Promise<{ code: number; output: string }>((resolve) => {
    const output: Buffer[] = []
    const stdio = isQuiet ? 'pipe' : 'inherit'
    // A group of its own, to be ended whole: vitest's processes outlive vitest where they are busy.
    child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', stdio, stdio], detached: true })
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => output.push(chunk))
    child.once('close', (code) => {
      // After an interruption nothing more is begun.
      if (!isInterrupted) resolve({ code: code ?? 1, output: Buffer.concat(output).toString() })
    })
  })
}

async function interrupt(): Promise<void> {
  isInterrupted = true
  if (child && child.exitCode === null) {
    const ended = once(child, 'exit')
    signalGroup(child, 'SIGTERM')
    await Promise.race([ended, sleep(KILL_AFTER_MS)])
    signalGroup(child, 'SIGKILL')
  }
  await database.release().catch(() => {})
  process.exit(EXIT_INTERRUPTED)
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid!, signal)
  } catch {
    // The group has already ended.
  }
}

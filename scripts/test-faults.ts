/**
 * `npm run test:faults`: every fault on real processes, in full, and a table of how often each was tried and survived.
 * `npm test` runs the same in short. STUDYHALL_FAULT_SEED chooses the moments,
 * STUDYHALL_FAULT_KILLS how many.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { holdDatabase } from './start/hold-database.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const VITEST = path.join(ROOT, 'node_modules/vitest/vitest.mjs')

const Row = z.object({ fault: z.string(), tried: z.number(), survived: z.number() })
type Row = z.infer<typeof Row>

const database = holdDatabase()
const folder = mkdtempSync(path.join(tmpdir(), 'studyhall-faults-'))
const table = path.join(folder, 'table.jsonl')
try {
  await database.ready
  process.exitCode = await runTests()
  printTable(readTable())
} finally {
  rmSync(folder, { recursive: true, force: true })
  await database.release().catch(() => {})
}

function runTests(): Promise<number> {
  const env = { ...process.env, STUDYHALL_FAULTS: 'full', STUDYHALL_FAULT_TABLE: table }
  // One file after the other: they measure how long things take.
  const args = [VITEST, 'run', 'test/faults', '--maxWorkers=1', ...process.argv.slice(2)]
  const tests = spawn(process.execPath, args, { cwd: ROOT, env, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => tests.kill(signal))
  return new Promise((resolve) => tests.once('close', (code) => resolve(code ?? 1)))
}

function readTable(): Row[] {
  const text = readFileSync(table, 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => Row.parse(JSON.parse(line)))
}

function printTable(rows: Row[]): void {
  const width = Math.max(...rows.map(({ fault }) => fault.length))
  console.log(`\n${'fault'.padEnd(width)}  tried  survived`)
  for (const { fault, tried, survived } of rows)
    console.log(`${fault.padEnd(width)}  ${String(tried).padStart(5)}  ${String(survived).padStart(8)}`)
}

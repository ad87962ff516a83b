import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readProcessStart } from '../../scripts/setup/read-process.mjs'
import { formatLine } from '../../scripts/start/format-line.ts'
import { type Supervised, supervise } from '../../scripts/start/supervise.ts'

let folder: string
let supervised: Supervised | undefined

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'studyhall-supervise-'))
})
afterEach(async () => {
  await supervised?.stop({ atOnce: true })
  rmSync(folder, { recursive: true })
})

function start(script: string): string[] {
  const file = path.join(folder, 'program.mjs')
  writeFileSync(file, script)
  const lines: string[] = []
  supervised = supervise({
    name: 'supervise-test',
    args: [file],
    env: process.env,
    onLine: (line) => lines.push(line),
  })
  return lines
}

describe('a supervised process', () => {
  it('is started again when it ends by itself', async () => {
    const lines = start(`console.log('up'); setTimeout(() => process.exit(3), 50)`)
    await expect.poll(() => lines.filter((line) => line === 'up').length, { timeout: 10_000 }).toBe(2)
    expect(lines[1]).toMatch(/ended by itself \(exit code 3\)/)
    expect(supervised!.failures()).toBeGreaterThanOrEqual(1)
  })

  it('is asked to end and may do so in its own way', async () => {
    const note = path.join(folder, 'note')
    const lines = start(`import { writeFileSync } from 'node:fs'
      process.on('SIGTERM', () => { writeFileSync(${JSON.stringify(note)}, 'ended well'); process.exit(0) })
      setInterval(() => {}, 1000); console.log('up')`)
    await expect.poll(() => lines, { timeout: 10_000 }).toContain('up')
    await supervised!.stop()
    expect(readFileSync(note, 'utf8')).toBe('ended well')
    expect(supervised!.failures()).toBe(0)
  })

  it('is started again when that is asked for, once where it is asked twice, and that is no failure', async () => {
    const lines =
      start(`process.on('SIGTERM', () => setTimeout(() => { console.log('down'); process.exit(0) }, 200))
      setInterval(() => {}, 1000); console.log('up')`)
    await expect.poll(() => lines, { timeout: 10_000 }).toEqual(['up'])
    await Promise.all([supervised?.restart(), supervised?.restart()])
    await expect.poll(() => lines, { timeout: 10_000 }).toEqual(['up', 'down', 'up'])
    expect(supervised?.failures()).toBe(0)
  })

  it('takes with it what it started and left', async () => {
    const lines = start(`import { spawn } from 'node:child_process'
      const child = spawn('sleep', ['60'], { stdio: 'ignore' }); console.log(child.pid)
      setInterval(() => {}, 1000)`)
    await expect.poll(() => lines.length, { timeout: 10_000 }).toBe(1)
    const grandchild = Number(lines[0])
    expect(readProcessStart(grandchild)).toBeDefined()
    await supervised!.stop()
    await expect.poll(() => readProcessStart(grandchild)).toBeUndefined()
  })
})

describe('a line of a process on the terminal', () => {
  it('shows the message of a JSON log line, and how bad it is', () => {
    const line = JSON.stringify({ level: 50, msg: 'import failed', err: { message: 'no such zip' } })
    expect(formatLine('worker', line)).toBe('worker │ error: import failed (no such zip)')
    expect(formatLine('web', JSON.stringify({ level: 30, msg: 'ready' }))).toBe('web    │ ready')
  })

  it('shows any other line as it is', () => {
    expect(formatLine('web', '{ not json')).toBe('web    │ { not json')
  })
})

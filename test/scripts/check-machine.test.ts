import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findMissing, findProgram } from '../../scripts/setup/check-machine.mjs'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'studyhall machine '))
})
afterEach(() => rmSync(folder, { recursive: true }))

function addProgram(name: string, script = 'exit 0'): void {
  writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`)
  chmodSync(path.join(folder, name), 0o755)
}

describe('the check of the machine', () => {
  it('names each missing tool in one line with the way to get it on three systems', () => {
    const lines = findMissing({ path: folder })
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['python3', 'g++', 'make'])
    for (const line of lines) {
      expect(line).toMatch(/Debian\/Ubuntu: .+Fedora: .+macOS: /)
      expect(line).not.toContain('\n')
    }
  })

  it('finds nothing missing on a machine with everything', () => {
    addProgram('python3', 'echo 3 12 1 0')
    addProgram('g++')
    addProgram('make')
    expect(findMissing({ path: folder })).toEqual([])
  })

  it('accepts a python3 that has venv and no pip', () => {
    addProgram('python3', 'echo 3 12 0 1')
    expect(findMissing({ path: folder }).join('\n')).not.toContain('python3')
  })

  it('refuses a python3 that has neither, and one that is too old', () => {
    addProgram('python3', 'echo 3 12 0 0')
    expect(findMissing({ path: folder })[0]).toContain('neither pip nor venv')
    addProgram('python3', 'echo 3 6 1 1')
    expect(findMissing({ path: folder })[0]).toContain('python3 is 3.6')
  })

  it('refuses a Node that is too old', () => {
    expect(findMissing({ path: folder, nodeVersion: '18.20.1' })[0]).toMatch(
      /^Node 20\.12 or newer .* 18\.20\.1/,
    )
    expect(findMissing({ path: folder, nodeVersion: '22.0.0' })[0]).not.toMatch(/^Node/)
  })

  it('takes no file for a program that nobody may run', () => {
    writeFileSync(path.join(folder, 'g++'), '', { mode: 0o644 })
    expect(findProgram('g++', folder)).toBeUndefined()
  })
})

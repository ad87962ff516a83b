import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clearStamp, hashInputs, hasStamp, listFiles, writeStamp } from '../../scripts/setup/stamps.mjs'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'studyhall-stamps-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a stamp', () => {
  it('fits until what it was made from changes', () => {
    const file = path.join(folder, 'input')
    const hash = () => hashInputs({ files: [file], values: ['cpu'] })
    writeFileSync(file, 'one')
    writeStamp('step', hash(), folder)
    expect(hasStamp('step', hash(), folder)).toBe(true)
    writeFileSync(file, 'two')
    expect(hasStamp('step', hash(), folder)).toBe(false)
  })

  it('tells a missing file from an empty one, and one value from another', () => {
    const file = path.join(folder, 'input')
    const missing = hashInputs({ files: [file] })
    writeFileSync(file, '')
    expect(hashInputs({ files: [file] })).not.toBe(missing)
    expect(hashInputs({ values: ['cpu'] })).not.toBe(hashInputs({ values: ['cuda'] }))
  })

  it('is gone once it was cleared', () => {
    writeStamp('step', 'abc', folder)
    clearStamp('step', folder)
    expect(hasStamp('step', 'abc', folder)).toBe(false)
  })

  it('covers the files of folders below, and none that are not wanted', () => {
    mkdirSync(path.join(folder, 'app/.next'), { recursive: true })
    for (const file of ['app/page.tsx', 'app/.next/build', 'next.config.ts'])
      writeFileSync(path.join(folder, file), '')
    const found = listFiles(folder, (name) => !name.startsWith('.'))
    expect(found.map((file) => path.relative(folder, file))).toEqual(['app/page.tsx', 'next.config.ts'])
  })
})

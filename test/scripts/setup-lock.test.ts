import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { takeSetupLock } from '../../scripts/setup/setup-lock.mjs'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'studyhall-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the lock of the set-up', () => {
  it('makes a second set-up wait for the first', async () => {
    const events: string[] = []
    const release = await takeSetupLock({ folder })
    const second = takeSetupLock({ folder, onWait: (pid) => events.push(`waits for ${pid}`) }).then(
      (releaseSecond) => {
        events.push('second has it')
        return releaseSecond
      },
    )
    await expect.poll(() => events).toEqual([`waits for ${process.pid}`])
    events.push('first gives it back')
    release()
    const releaseSecond = await second
    releaseSecond()
    expect(events.slice(1)).toEqual(['first gives it back', 'second has it'])
    expect(readdirSync(folder)).toEqual([])
  })

  it('is taken over from a process that has ended, and from one whose number another process has now', async () => {
    for (const owner of [
      { pid: 2 ** 22 + 1, startedAt: '1' },
      { pid: process.pid, startedAt: 'another start' },
    ]) {
      writeFileSync(path.join(folder, 'setup.lock'), JSON.stringify(owner))
      const release = await takeSetupLock({ folder, signal: AbortSignal.timeout(2000) })
      release()
    }
  })

  it('is not taken by somebody who was interrupted while waiting', async () => {
    const release = await takeSetupLock({ folder })
    await expect(takeSetupLock({ folder, signal: AbortSignal.timeout(50) })).rejects.toThrow(/aborted/)
    release()
    expect(readdirSync(folder)).toEqual([])
  })
})

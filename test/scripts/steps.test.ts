import { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createDisplay, runSteps, type Step } from '../../scripts/setup/steps.mjs'

function openDisplay(isQuiet = false) {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk
      done()
    },
  })
  return { display: createDisplay({ stream, isQuiet }), text: () => text }
}

function makeStep(name: string, done: string[], options: Partial<Step> = {}): Step {
  return { name, title: `step ${name}`, isCurrent: () => false, run: () => void done.push(name), ...options }
}

describe('the steps of the set-up', () => {
  it('run when the steps they need are done, and next to each other otherwise', async () => {
    const done: string[] = []
    const slow = makeStep('slow', done, { run: () => sleep(50).then(() => done.push('slow')) })
    const steps = [slow, makeStep('after', done, { needs: ['slow'] }), makeStep('beside', done)]
    expect(
      await runSteps(steps, { signal: new AbortController().signal, display: openDisplay().display }),
    ).toBe(3)
    expect(done).toEqual(['beside', 'slow', 'after'])
  })

  it('are left alone when they are up to date, and a quiet set-up says nothing of them', async () => {
    const done: string[] = []
    const { display, text } = openDisplay(true)
    const steps = [makeStep('kept', done, { isCurrent: () => true })]
    expect(await runSteps(steps, { signal: new AbortController().signal, display })).toBe(0)
    expect([done, text()]).toEqual([[], ''])
  })

  it('that fail keep back those that need them, let the others end, and say why', async () => {
    const done: string[] = []
    const { display, text } = openDisplay()
    const bad = makeStep('bad', done, { run: () => Promise.reject(new Error('no room on the disk')) })
    const other = makeStep('other', done, { run: () => sleep(30).then(() => done.push('other')) })
    const steps = [bad, makeStep('after', done, { needs: ['bad'] }), other]
    await expect(runSteps(steps, { signal: new AbortController().signal, display })).rejects.toThrow(
      'no room on the disk',
    )
    expect(done).toEqual(['other'])
    expect(text()).toMatch(/✗ step bad/)
    expect(text()).not.toContain('step after')
  })

  it('that have not begun do not begin after an interruption', async () => {
    const done: string[] = []
    const abort = new AbortController()
    const first = makeStep('first', done, { run: () => abort.abort() })
    const steps = [first, makeStep('second', done, { needs: ['first'] })]
    await expect(runSteps(steps, { signal: abort.signal, display: openDisplay().display })).rejects.toThrow(
      /aborted/,
    )
    expect(done).toEqual([])
  })
})

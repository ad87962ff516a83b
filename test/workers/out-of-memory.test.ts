import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { MemoryKillWatch } from '../../workers/training/out-of-memory.ts'
import { SmallMemory } from './small-memory.ts'

const small = await SmallMemory.open(32 * 1024 * 1024).catch((error: Error) => {
  console.info(`The kernel's kills for want of memory are not tried: ${error.message}`)
})
const GREEDY = `process.stdin.once('data', () => { for (const kept = []; ; ) kept.push(Buffer.alloc(1e6, 1)) })`

it.skipIf(!small)(
  'the kernel’s kill for want of memory is told as long as it is fresh',
  async () => {
    const [fresh, stale, none] = [500, 20, 20].map((everyMs) => new MemoryKillWatch(everyMs))
    const greedy = spawn(process.execPath, ['-e', GREEDY], { stdio: ['pipe', 'ignore', 'ignore'] })
    await small!.add(greedy.pid!)
    expect(await none!.end()).toBe(false)
    greedy.stdin.write('go')
    const [, signal] = await once(greedy, 'exit')
    expect(signal).toBe('SIGKILL')
    expect(await fresh!.end()).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(await stale!.end()).toBe(false)
    await small!.close()
  },
  60_000,
)

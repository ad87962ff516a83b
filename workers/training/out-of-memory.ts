import { readFile } from 'node:fs/promises'

/** Where Linux counts the processes that it killed for want of memory: this container's, else the machine's. */
const COUNTERS = ['/sys/fs/cgroup/memory.events', '/proc/vmstat']
const LOOK_EVERY_MS = 5_000

/**
 * Tells whether the kernel has killed for want of memory lately. It counts what it kills on the whole machine: only what
 * it killed in the last seconds can have been the process that has just ended.
 */
export class MemoryKillWatch {
  #before: Promise<number | null>
  #latest: Promise<number | null>
  readonly #timer: NodeJS.Timeout

  constructor(lookEveryMs = LOOK_EVERY_MS) {
    this.#before = readMemoryKills()
    this.#latest = this.#before
    this.#timer = setInterval(() => {
      this.#before = this.#latest
      this.#latest = readMemoryKills()
    }, lookEveryMs)
    this.#timer.unref()
  }

  /** In the last five to ten seconds; false where the kernel does not say. The watch ends with it. */
  async end(): Promise<boolean> {
    clearInterval(this.#timer)
    const [before, now] = [await this.#before, await readMemoryKills()]
    return before !== null && now !== null && now > before
  }
}

async function readMemoryKills(): Promise<number | null> {
  let kills: number | null = null
  for (const counter of COUNTERS) {
    const text = await readFile(counter, 'utf8').catch(() => '')
    const match = /^oom_kill (\d+)$/m.exec(text)
    if (match) kills = (kills ?? 0) + Number(match[1])
  }
  return kills
}

/** What allocators of Node, C++ and TensorFlow print when they give up. */
const GAVE_UP = /heap out of memory|bad_alloc|RESOURCE_EXHAUSTED|OOM when allocating|Cannot allocate memory/i

export function isOutOfMemoryMessage(line: string): boolean {
  return GAVE_UP.test(line)
}

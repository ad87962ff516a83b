import { readFile } from 'node:fs/promises'

/** Where Linux counts OOM kills: in this container, and on the machine. */
const COUNTERS = ['/sys/fs/cgroup/memory.events', '/proc/vmstat']
const POLL_MS = 5_000

/**
 * Detects whether the kernel's OOM killer has struck recently. The counter covers the whole machine, so only
 * kills within the last seconds can be attributed to the process that has just ended.
 */
export class MemoryKillWatch {
  #before: Promise<number | null>
  #latest: Promise<number | null>
  readonly #timer: NodeJS.Timeout

  constructor(pollMs = POLL_MS) {
    this.#before = readMemoryKills()
    this.#latest = this.#before
    this.#timer = setInterval(() => {
      this.#before = this.#latest
      this.#latest = readMemoryKills()
    }, pollMs)
    this.#timer.unref()
  }

  /**
   * Ends the watch.
   * @returns whether there was a kill in the last five to ten seconds; false if the kernel does not say
   */
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

/** What the allocators of Node, C++ and TensorFlow print when they fail. */
const ALLOCATION_FAILED =
  /heap out of memory|bad_alloc|RESOURCE_EXHAUSTED|OOM when allocating|Cannot allocate memory/i

export function isOutOfMemoryMessage(line: string): boolean {
  return ALLOCATION_FAILED.test(line)
}

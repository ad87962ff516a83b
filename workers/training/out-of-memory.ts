import { readFile } from 'node:fs/promises'

/** Where Linux counts the processes that it killed for want of memory: this container's, else the machine's. */
const COUNTERS = ['/sys/fs/cgroup/memory.events', '/proc/vmstat']

/** How often the kernel has killed for want of memory so far; null where it does not say. */
export async function readMemoryKills(): Promise<number | null> {
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

export function tellsOutOfMemory(line: string): boolean {
  return GAVE_UP.test(line)
}

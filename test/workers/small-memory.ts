import { existsSync } from 'node:fs'
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { waitUntil } from './wait-until.ts'

/** Where control groups of memory are made, and how a limit is called there: in version 1 of Linux's, and in version 2. */
const PLACES = [
  { folder: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes' },
  { folder: '/sys/fs/cgroup', limit: 'memory.max' },
]

/** A control group whose processes the kernel kills when together they ask for more memory than it has. */
export class SmallMemory {
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  /** @throws Error that says why none can be made here: it takes root, and a machine that lets one */
  static async open(bytes: number): Promise<SmallMemory> {
    const place = PLACES.find(({ folder, limit }) => existsSync(path.join(folder, probeOf(limit))))
    if (!place) throw new Error('this machine has no control groups of memory')
    const folder = path.join(place.folder, `studyhall-test-${process.pid}`)
    await mkdir(folder)
    const small = new SmallMemory(folder)
    try {
      await writeFile(path.join(folder, place.limit), String(bytes))
      return small
    } catch (error) {
      await small.close()
      throw error
    }
  }

  /** What the process asks for from now on counts; what it has already does not. */
  async add(pid: number): Promise<void> {
    await writeFile(path.join(this.#folder, 'cgroup.procs'), String(pid))
  }

  async close(): Promise<void> {
    const isEmpty = async () => (await readFile(path.join(this.#folder, 'cgroup.procs'), 'utf8')) === ''
    await waitUntil('the control group is empty', isEmpty)
    await rmdir(this.#folder)
  }
}

/** The root group has no limit; in version 2 it has no such file either. */
function probeOf(limit: string): string {
  return limit === 'memory.max' ? 'cgroup.subtree_control' : limit
}

import { readdirSync, readFileSync } from 'node:fs'

/** Pids of the processes that `parent` has started and whose command line holds `word`. */
export async function childrenOf(parent: number, word = ''): Promise<number[]> {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === parent)
    .filter((name) => read(`/proc/${name}/cmdline`).includes(word))
    .map(Number)
}

function parentOf(pid: string): number {
  const stat = read(`/proc/${pid}/stat`)
  // pid (name) state ppid …; the name may hold anything.
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

/** Empty where the process is gone. In one go: a test that waits looks again and again, at every process there is. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

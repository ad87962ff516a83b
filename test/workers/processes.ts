import { readdir, readFile } from 'node:fs/promises'

/** Pids of the processes that `parent` has started and whose command line holds `word`. */
export async function childrenOf(parent: number, word = ''): Promise<number[]> {
  const children: number[] = []
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')
    // pid (name) state ppid …; the name may hold anything.
    const ppid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    if (ppid === parent && command.includes(word)) children.push(Number(name))
  }
  return children
}

// What the operating system says about another process: when it started and what its command line is. Process numbers
// are used again after a reboot, so a number alone proves nothing.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A text that is the same for the life of a process and differs for the next one with its number; undefined if none runs. */
export function readProcessStart(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  if (process.platform !== 'linux') return readByPs(pid, 'lstart=')
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command's name, in brackets, may hold spaces: count fields from behind it. Field 22 is the start time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

/** The command line of a running process, its parts joined by spaces; undefined if none runs. */
export function readCommandLine(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  if (process.platform !== 'linux') return readByPs(pid, 'command=')
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || undefined
  } catch {
    return undefined
  }
}

function readByPs(pid, column) {
  const { status, stdout } = spawnSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() || undefined : undefined
}

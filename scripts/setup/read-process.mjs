// Reads another process's start time and command line. Pids are reused after a reboot, so a pid alone proves
// nothing.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * A string that identifies a process even if its pid is reused later; undefined if no such process is
 * running.
 */
export function readProcessStart(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  if (process.platform !== 'linux') return readByPs(pid, 'lstart=')
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command name, in parentheses, may contain spaces, so fields are counted after it. Field 22 is the
    // start time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

/** The command line of a running process, joined by spaces; undefined if it is not running. */
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

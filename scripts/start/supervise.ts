/** Keeps one child process running: restarts it if it exits by itself, and stops it on request. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, createWriteStream, mkdirSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { OWN_FILE_MODE, OWN_FOLDER_MODE } from '../../storage/own-folder.ts'
import { home, root } from '../setup/settings.mjs'

const FIRST_DELAY_MS = 500
const MAX_DELAY_MS = 30_000
/** After a process has run this long, the restart delay is reset. */
const STABLE_AFTER_MS = 60_000
/** Long enough for a worker to save its runs. */
const KILL_AFTER_MS = 30_000
const TAIL_LINES = 15

export interface Supervised {
  name: string
  /** The last lines it printed, for the error message if it does not become ready. */
  tail(): string[]
  /** How often it has exited by itself. */
  failures(): number
  /** Stops it as `stop` does and starts it again; calls during a restart are ignored. */
  restart(): Promise<void>
  /** Asks it to end, and kills its process group after thirty seconds, or at once with `atOnce`. */
  stop(options?: { atOnce?: boolean }): Promise<void>
}

export interface Program {
  name: string
  /** Arguments for `node`. */
  args: string[]
  env: NodeJS.ProcessEnv
  /** Receives every line that the process prints, and messages about its exits. */
  onLine: (line: string) => void
}

/** Starts the program and restarts it with exponential backoff until `stop`. */
export function supervise({ name, args, env, onLine }: Program): Supervised {
  // Logs, including those of earlier versions, may contain private data.
  const folder = path.join(home, 'logs')
  mkdirSync(folder, { recursive: true, mode: OWN_FOLDER_MODE })
  chmodSync(folder, OWN_FOLDER_MODE)
  const log = createWriteStream(path.join(folder, `${name}.log`), { flags: 'a', mode: OWN_FILE_MODE })
  const lines: string[] = []
  let failures = 0
  let isStopping = false
  let isRestarting = false
  let child: ChildProcess
  let timer: NodeJS.Timeout | undefined

  const take = (line: string) => {
    lines.push(line)
    if (lines.length > TAIL_LINES) lines.shift()
    log.write(`${line}\n`)
    onLine(line)
  }

  const begin = (delayMs: number) => {
    const startedMs = performance.now()
    // In its own process group: Ctrl-C reaches only this process, which then ends the others in order.
    child = spawn(process.execPath, args, {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    for (const stream of [child.stdout, child.stderr])
      if (stream) createInterface({ input: stream }).on('line', take)
    child.once('exit', (code, signal) => {
      if (isStopping || isRestarting) return
      failures++
      const pauseMs = performance.now() - startedMs > STABLE_AFTER_MS ? FIRST_DELAY_MS : delayMs
      take(`ended by itself (${signal ?? `exit code ${code}`}); starts again in ${pauseMs / 1000} s`)
      timer = setTimeout(begin, pauseMs, Math.min(pauseMs * 2, MAX_DELAY_MS))
    })
  }

  begin(FIRST_DELAY_MS)
  return {
    name,
    tail: () => [...lines],
    failures: () => failures,
    async restart() {
      if (isRestarting) return
      isRestarting = true
      clearTimeout(timer)
      await end(child, false)
      isRestarting = false
      if (!isStopping) begin(FIRST_DELAY_MS)
    },
    async stop({ atOnce = false } = {}) {
      isStopping = true
      clearTimeout(timer)
      await end(child, atOnce)
      log.end()
    },
  }
}

async function end(child: ChildProcess, atOnce: boolean): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit')
    if (atOnce) signalGroup(child, 'SIGKILL')
    else child.kill('SIGTERM')
    const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), KILL_AFTER_MS)
    await exited
    clearTimeout(timer)
  }
  // Kills descendants that it did not end itself.
  signalGroup(child, 'SIGKILL')
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal)
  } catch {
    // The group has already ended.
  }
}

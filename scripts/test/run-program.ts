import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from '../setup/settings.mjs'

const KILL_AFTER_MS = 20_000

const running = new Set<ChildProcess>()
let isInterrupted = false

/** Runs Node with these arguments; its output goes to the terminal, or is kept where `isQuiet`. */
export function runProgram(args: string[], isQuiet = false): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const output: Buffer[] = []
    const stdio = isQuiet ? 'pipe' : 'inherit'
    // A group of its own, to be ended whole: vitest's processes outlive vitest where they are busy.
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', stdio, stdio],
      detached: true,
    })
    running.add(child)
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => output.push(chunk))
    child.once('close', (code) => {
      running.delete(child)
      // After an interruption nothing more is begun.
      if (!isInterrupted) resolve({ code: code ?? 1, output: Buffer.concat(output).toString() })
    })
  })
}

/** Ends the programs that run, with all they have started; no other begins after them. */
export async function interruptPrograms(): Promise<void> {
  isInterrupted = true
  await Promise.all([...running].map(interrupt))
}

async function interrupt(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  // Not SIGTERM, on which Playwright leaves the product's database and files behind.
  signalGroup(child, 'SIGINT')
  await Promise.race([ended, sleep(KILL_AFTER_MS)])
  signalGroup(child, 'SIGKILL')
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // The group has already ended.
  }
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from '../setup/settings.mjs'

const KILL_AFTER_MS = 20_000

let child: ChildProcess | undefined
let isInterrupted = false

/** Runs Node with these arguments; its output goes to the terminal, or is kept where `isQuiet`. */
export function runProgram(args: string[], isQuiet = false): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const output: Buffer[] = []
    const stdio = isQuiet ? 'pipe' : 'inherit'
    // A group of its own, to be ended whole: vitest's processes outlive vitest where they are busy.
    child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', stdio, stdio], detached: true })
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => output.push(chunk))
    child.once('close', (code) => {
      // After an interruption nothing more is begun.
      if (!isInterrupted) resolve({ code: code ?? 1, output: Buffer.concat(output).toString() })
    })
  })
}

/** Ends the program that runs, with all it has started; no other begins after it. */
export async function interruptProgram(): Promise<void> {
  isInterrupted = true
  if (!child || child.exitCode !== null) return
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

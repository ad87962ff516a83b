// Runs the long commands of the set-up: output goes to a log file, its end is shown when the command fails, and an
// interrupted set-up takes the whole process group down with it.
import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { home, root } from './settings.mjs'

const KILL_AFTER_MS = 3000
const TAIL_LINES = 25

/** A failure to show to a person as it is, without a stack. */
export class SetupError extends Error {}

/**
 * Runs a command to its end and returns its output (stdout and stderr together).
 * `log` names the file under .studyhall/logs; `onLine` sees every line as it comes; `identity` is `{uid, gid}` to run as.
 */
export async function runCommand(command, args, options) {
  const { log, signal, env = {}, cwd = root, identity = {}, onLine, why = '' } = options
  const logPath = join(home, 'logs', `${log}.log`)
  mkdirSync(dirname(logPath), { recursive: true })
  const logFile = createWriteStream(logPath)
  logFile.write(`$ ${[command, ...args].join(' ')}\n`)
  signal?.throwIfAborted()
  const child = spawn(command, args, {
    cwd,
    ...identity,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C reaches the set-up alone, which then ends the group in its own order.
    detached: true,
  })
  const stopWatching = killOnAbort(child, signal)
  const output = collectOutput(child, logFile, onLine)
  const result = await waitForEnd(child)
  stopWatching()
  await new Promise((resolve) => logFile.end(resolve))
  signal?.throwIfAborted()
  if (result.error)
    throw new SetupError(`${command} could not be started: ${result.error.message}. ${why}`.trim())
  if (result.code !== 0) throw new SetupError(describeFailure(command, result, logPath, why))
  return output.text()
}

function waitForEnd(child) {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ error }))
    child.once('close', (code, endSignal) => resolve({ code, endSignal }))
  })
}

function collectOutput(child, logFile, onLine) {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8')
    stream.on('data', (chunk) => {
      text += chunk
      logFile.write(chunk)
      for (const line of chunk.split(/[\r\n]+/)) if (line.trim() !== '') onLine?.(line)
    })
  }
  return { text: () => text }
}

function killOnAbort(child, signal) {
  let timer
  const onAbort = () => {
    killGroup(child.pid, 'SIGTERM')
    timer = setTimeout(() => killGroup(child.pid, 'SIGKILL'), KILL_AFTER_MS)
  }
  signal?.addEventListener('abort', onAbort, { once: true })
  return () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}

function killGroup(pid, signal) {
  try {
    if (pid !== undefined) process.kill(-pid, signal)
  } catch {
    // The group has already ended.
  }
}

function describeFailure(command, { code, endSignal }, logPath, why) {
  const lines = readFileSync(logPath, 'utf8').trimEnd().split('\n')
  const tail = lines.slice(-TAIL_LINES).map((line) => `    ${line}`)
  const ending = endSignal ? `was ended by ${endSignal}` : `ended with exit code ${code}`
  return [`${command} ${ending}. ${why}`.trim(), ...tail, `  The whole log: ${logPath}`].join('\n')
}

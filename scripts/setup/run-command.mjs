// Runs the set-up's long commands: output goes to a log file whose end is shown on failure, and an
// interrupted set-up kills the whole process group.
import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { home, root } from './settings.mjs'

const KILL_AFTER_MS = 3000
const TAIL_LINES = 25

/** An error whose message is shown to users without a stack trace. */
export class SetupError extends Error {}

/**
 * Runs a command to completion and returns its output (stdout and stderr together). `log` names the file in
 * .studyhall/logs; `onLine` receives every line as it arrives; `identity` is the `{uid, gid}` to run as.
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
    // In its own process group: Ctrl-C reaches only the set-up, which then ends the group in order.
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

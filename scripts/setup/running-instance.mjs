// What `npm start` leaves while it runs: who it is and where it answers. Believed only if the process lives and the API answers.
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readProcessStart } from './read-process.mjs'
import { home } from './settings.mjs'
import { writeFileWhole } from './stamps.mjs'

const HEALTH_TIMEOUT_MS = 2000
const END_TIMEOUT_MS = 20_000
const POLL_MS = 100

/** `{pid, apiUrl, webUrl}` of the instance of this checkout that runs, or undefined. */
export async function findRunningInstance(folder = home) {
  const noted = readNote(folder)
  if (!noted || readProcessStart(noted.pid) !== noted.startedAt) return undefined
  return (await answers(`${noted.apiUrl}/healthz`)) ? noted : undefined
}

export function noteRunningInstance({ apiUrl, webUrl }, folder = home) {
  const note = { pid: process.pid, startedAt: readProcessStart(process.pid), apiUrl, webUrl }
  writeFileWhole(notePath(folder), `${JSON.stringify(note)}\n`)
}

/** Removes this process's own note, and nobody else's. */
export function forgetRunningInstance(folder = home) {
  if (readNote(folder)?.pid === process.pid) rmSync(notePath(folder), { force: true })
}

/** Asks the instance of this checkout to end and waits until it has, at most 20 s; returns whether there was one. */
export async function endRunningInstance(folder = home) {
  const noted = readNote(folder)
  const isAlive = () => noted && readProcessStart(noted.pid) === noted.startedAt
  if (!isAlive()) return false
  process.kill(noted.pid, 'SIGTERM')
  const deadline = performance.now() + END_TIMEOUT_MS
  while (isAlive() && performance.now() < deadline) await sleep(POLL_MS)
  return true
}

/** Whether the address answers with success within two seconds, or as long as is said. */
export async function answers(url, timeoutMs = HEALTH_TIMEOUT_MS) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}

function readNote(folder) {
  try {
    return JSON.parse(readFileSync(notePath(folder), 'utf8'))
  } catch {
    return undefined
  }
}

function notePath(folder) {
  return join(folder, 'running.json')
}

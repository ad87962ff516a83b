// A note that `npm start` and `npm run dev` leave while running, with their process and URLs. Trusted only if that
// process is alive and its API responds.
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readProcessStart } from './read-process.mjs'
import { home } from './settings.mjs'
import { writeFileWhole } from './stamps.mjs'

const HEALTH_TIMEOUT_MS = 2000
const END_TIMEOUT_MS = 20_000
const POLL_MS = 100

/** Where `npm run dev` leaves its note: it may run beside the product. */
export const developmentFolder = join(home, 'development')

/** `{pid, apiUrl, webUrl}` of this checkout's running instance, or undefined. */
export async function findRunningInstance(folder = home) {
  const note = readNote(folder)
  if (!note || readProcessStart(note.pid) !== note.startedAt) return undefined
  return (await answers(`${note.apiUrl}/livez`)) ? note : undefined
}

export function noteRunningInstance({ apiUrl, webUrl }, folder = home) {
  const note = { pid: process.pid, startedAt: readProcessStart(process.pid), apiUrl, webUrl }
  writeFileWhole(notePath(folder), `${JSON.stringify(note)}\n`)
}

/** Removes the note if it is this process's own. */
export function forgetRunningInstance(folder = home) {
  if (readNote(folder)?.pid === process.pid) rmSync(notePath(folder), { force: true })
}

/** Asks this checkout's instance to end and waits for it, at most 20 s; returns whether there was one. */
export async function endRunningInstance(folder = home) {
  const note = readNote(folder)
  const isAlive = () => note && readProcessStart(note.pid) === note.startedAt
  if (!isAlive()) return false
  process.kill(note.pid, 'SIGTERM')
  const deadline = performance.now() + END_TIMEOUT_MS
  while (isAlive() && performance.now() < deadline) await sleep(POLL_MS)
  return true
}

/** Whether the URL responds successfully within the timeout, by default two seconds. */
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

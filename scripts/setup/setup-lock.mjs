// Serializes concurrent set-ups of one checkout. The lock records its owner's pid and start time, so that a
// lock left by a crash is recognised as stale even if the pid has been reused.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readProcessStart } from './read-process.mjs'
import { home } from './settings.mjs'

const POLL_MS = 200

/** Waits for the lock (calling `onWait(pid)` once if it has to) and returns a function that releases it. */
export async function takeSetupLock({ signal, onWait, folder = home }) {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'setup.lock')
  const mine = JSON.stringify({ pid: process.pid, startedAt: readProcessStart(process.pid) })
  const offer = `${path}.${process.pid}`
  writeFileSync(offer, mine)
  try {
    for (let isFirst = true; !tryLink(offer, path); isFirst = false) {
      const owner = readOwner(path)
      if (owner && !isAlive(owner)) removeStale(path, owner)
      else {
        if (isFirst && owner) onWait?.(owner.pid)
        await sleep(POLL_MS, undefined, { signal })
      }
    }
  } finally {
    rmSync(offer, { force: true })
  }
  return () => rmSync(path, { force: true })
}

/** Hard links are created atomically, so no reader ever sees an empty lock. */
function tryLink(offer, path) {
  try {
    linkSync(offer, path)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function readOwner(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

function isAlive({ pid, startedAt }) {
  const start = readProcessStart(pid)
  return start !== undefined && start === startedAt
}

/**
 * Moves the lock aside before removing it; if another process replaced it meanwhile, that one is restored.
 */
function removeStale(path, owner) {
  const aside = `${path}.stale.${process.pid}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  const moved = readOwner(aside)
  if (moved && (moved.pid !== owner.pid || moved.startedAt !== owner.startedAt)) tryLink(aside, path)
  rmSync(aside, { force: true })
}

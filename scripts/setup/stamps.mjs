// A stamp is the hash of a step's inputs, written after the step succeeded. A step whose stamp matches is
// skipped; an interrupted step has no stamp and is repeated.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { home } from './settings.mjs'

/**
 * Hash of the files' names and contents, and of further values that affect the result. Missing files are
 * hashed as such.
 */
export function hashInputs({ files = [], values = [] }) {
  const hash = createHash('sha256')
  for (const value of values) hash.update(`value ${JSON.stringify(value)}\n`)
  for (const file of files) {
    hash.update(`file ${file}\n`)
    hash.update(existsSync(file) ? readFileSync(file) : 'missing')
  }
  return hash.digest('hex')
}

/**
 * Absolute paths of all files below a folder, sorted; `isWanted(name, isFolder)` filters files and folders.
 */
export function listFiles(folder, isWanted = () => true) {
  if (!existsSync(folder)) return []
  const found = []
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!isWanted(entry.name, entry.isDirectory())) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) found.push(...listFiles(path, isWanted))
    else if (entry.isFile()) found.push(path)
  }
  return found.sort()
}

export function hasStamp(name, hash, folder = home) {
  try {
    return readFileSync(stampPath(name, folder), 'utf8').trim() === hash
  } catch {
    return false
  }
}

export function writeStamp(name, hash, folder = home) {
  writeFileWhole(stampPath(name, folder), `${hash}\n`)
}

export function clearStamp(name, folder = home) {
  rmSync(stampPath(name, folder), { force: true })
}

/** Writes a temporary file and renames it, so that a partial file is never visible. */
export function writeFileWhole(path, content, mode = 0o644) {
  mkdirSync(dirname(path), { recursive: true })
  const temporary = `${path}.${process.pid}.tmp`
  writeFileSync(temporary, content, { mode })
  renameSync(temporary, path)
}

function stampPath(name, folder) {
  return join(folder, 'stamps', name)
}

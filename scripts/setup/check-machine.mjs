// Checks the machine's prerequisites before anything starts: one line per missing tool, with how to install
// it.
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describeOldNode } from './check-node.mjs'

const OLDEST_PYTHON = [3, 8]

const PYTHON_PROBE = `
import importlib.util as u, sys
print(sys.version_info[0], sys.version_info[1], int(bool(u.find_spec("pip"))), int(bool(u.find_spec("venv") and u.find_spec("ensurepip"))))`

const WAYS = {
  python3:
    'Debian/Ubuntu: apt-get install python3 python3-venv; Fedora: dnf install python3 python3-pip; macOS: brew install python3',
  pip: 'Debian/Ubuntu: apt-get install python3-venv; Fedora: dnf install python3-pip; macOS: brew install python3',
  'g++': 'Debian/Ubuntu: apt-get install g++; Fedora: dnf install gcc-c++; macOS: xcode-select --install',
  make: 'Debian/Ubuntu: apt-get install make; Fedora: dnf install make; macOS: xcode-select --install',
}

/** One line per missing prerequisite; empty if there is none. */
export function findMissing({ path = process.env.PATH ?? '', nodeVersion = process.versions.node } = {}) {
  const missing = [describeOldNode(nodeVersion)].filter((line) => line !== undefined)
  missing.push(...findMissingPython(path))
  // The binding needs only g++; npm packages with native code need make.
  for (const tool of ['g++', 'make'])
    if (findProgram(tool, path) === undefined) missing.push(describe(`${tool} is missing.`, tool))
  return missing
}

/** The program's full path if it is in PATH, or undefined. */
export function findProgram(name, path = process.env.PATH ?? '') {
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable)
}

/** `{version: [major, minor], hasPip, hasVenv}` of python3, or undefined if there is none that runs. */
export function probePython(path = process.env.PATH ?? '') {
  const python = findProgram('python3', path)
  if (python === undefined) return undefined
  const { status, stdout } = spawnSync(python, ['-c', PYTHON_PROBE], { encoding: 'utf8' })
  if (status !== 0) return undefined
  const [major, minor, hasPip, hasVenv] = stdout.trim().split(' ').map(Number)
  return { version: [major, minor], hasPip: hasPip === 1, hasVenv: hasVenv === 1 }
}

function findMissingPython(path) {
  const python = probePython(path)
  if (python === undefined)
    return [describe('python3 is missing (only its pip is used, to fetch TensorFlow).', 'python3')]
  if (isOlder(python.version, OLDEST_PYTHON))
    return [
      describe(
        `python3 is ${python.version.join('.')}, and ${OLDEST_PYTHON.join('.')} or newer is needed.`,
        'python3',
      ),
    ]
  if (!python.hasPip && !python.hasVenv)
    return [describe('python3 has neither pip nor venv; one of them is needed.', 'pip')]
  return []
}

function describe(what, tool) {
  return `${what} ${WAYS[tool]}`
}

function isOlder([major, minor], [wantedMajor, wantedMinor]) {
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor)
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

// A name for the engine of a checkout. Plain JavaScript, for the set-up writes it into what it builds.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** What decides a run's numbers: the engine, the promises it keeps, and the TensorFlow below it. */
const SOURCES = ['workers/engine', 'contract']
const PACKAGES = ['@tensorflow/tfjs', '@tensorflow/tfjs-node-gpu']
const SHOWN_CHARACTERS = 12

/** That of the code which runs: the build has written it down, whatever has become of the sources since. */
export function ownEngineBuild() {
  return typeof ENGINE_BUILD === 'string'
    ? ENGINE_BUILD
    : readEngineBuild(fileURLToPath(new URL('..', import.meta.url)))
}

/** Workers with the same one give the same numbers on the same machine. */
export function readEngineBuild(root) {
  const hash = createHash('sha256')
  for (const folder of SOURCES) {
    for (const file of listSources(path.join(root, folder))) {
      hash.update(`${path.relative(root, file)}\n`)
      hash.update(readFileSync(file))
    }
  }
  const find = createRequire(path.join(root, 'package.json')).resolve
  for (const name of PACKAGES) {
    const { version } = JSON.parse(readFileSync(find(`${name}/package.json`), 'utf8'))
    hash.update(`${name} ${version}\n`)
  }
  return hash.digest('hex').slice(0, SHOWN_CHARACTERS)
}

function listSources(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => path.join(folder, name))
}

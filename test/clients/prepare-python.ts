import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const FOLDER = path.resolve('.studyhall', 'python-client')
const PYTHON = path.join(FOLDER, 'bin', 'python')
/** What the client needs, and what a notebook with it does: by the name that is imported. */
const PACKAGES = {
  setuptools: 'setuptools',
  wheel: 'wheel',
  websockets: 'websockets',
  pandas: 'pandas',
  matplotlib: 'matplotlib',
  onnxruntime: 'onnxruntime',
  nbclient: 'nbclient',
  ipykernel: 'ipykernel',
}
const IS_THERE = `import importlib.util as it; assert all(it.find_spec(name) for name in ${JSON.stringify(Object.keys(PACKAGES))})`

/** A Python that has the client installed, in a virtual environment that stays. @returns why there is none, if so */
export async function preparePython(): Promise<{ python: string } | { missing: string }> {
  const packages = await installPackages()
  if (packages !== null) return { missing: packages }
  const folder = await mkdtemp(path.join(tmpdir(), 'studyhall-python-'))
  // A copy, since pip builds beside the source.
  await cp('clients/python', folder, { recursive: true })
  const install = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--no-build-isolation',
    '--no-deps',
    '--force-reinstall',
    folder,
  ]
  await run(PYTHON, install).finally(() => rm(folder, { recursive: true, force: true }))
  return { python: PYTHON }
}

async function installPackages(): Promise<string | null> {
  const names = Object.values(PACKAGES)
  try {
    const isThere = await run(PYTHON, ['-c', IS_THERE]).then(
      () => true,
      () => false,
    )
    if (isThere) return null
    await run('python3', ['-m', 'venv', FOLDER])
    await run(PYTHON, ['-m', 'pip', 'install', '--quiet', '--no-compile', ...names], { timeout: 240_000 })
    return null
  } catch (error) {
    await rm(FOLDER, { recursive: true, force: true })
    return `no virtual environment with ${names.join(', ')} could be made: ${String(error).slice(0, 200)}`
  }
}

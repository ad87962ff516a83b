import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const FOLDER = path.resolve('.studyhall', 'python-client')
const PYTHON = path.join(FOLDER, 'bin', 'python')
const PACKAGES = ['setuptools', 'wheel', 'websockets', 'pandas']

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
  try {
    const isThere = await run(PYTHON, ['-c', 'import setuptools, websockets, pandas']).then(
      () => true,
      () => false,
    )
    if (isThere) return null
    await run('python3', ['-m', 'venv', FOLDER])
    await run(PYTHON, ['-m', 'pip', 'install', '--quiet', ...PACKAGES], { timeout: 100_000 })
    return null
  } catch (error) {
    await rm(FOLDER, { recursive: true, force: true })
    return `no virtual environment with ${PACKAGES.join(', ')} could be made: ${String(error).slice(0, 200)}`
  }
}

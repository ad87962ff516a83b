import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { home } from '../../setup/settings.mjs'

const PACKAGES = ['torch==2.15.0', 'numpy==2.2.6', 'setuptools==80.9.0']

export const peersFolder = join(home, 'peers')

/**
 * PyTorch in a virtual environment of its own, installed the first time. pip takes it from the index that the machine is
 * set up with; on Linux PyPI's build brings NVIDIA's libraries along (5 GB), which PIP_INDEX_URL can avoid by naming
 * PyTorch's own index for processors.
 * @returns the Python that has it
 */
export async function installPytorch(tell: (line: string) => void): Promise<string> {
  const python = join(peersFolder, 'bin/python')
  if (existsSync(join(peersFolder, STAMP))) return python
  tell(`installing ${PACKAGES[0]} into ${peersFolder}, once`)
  rmSync(peersFolder, { recursive: true, force: true })
  mkdirSync(home, { recursive: true })
  await run('python3', ['-m', 'venv', peersFolder], tell)
  const temporary = join(peersFolder, 'temporary')
  mkdirSync(temporary)
  // The wheels are larger than many a machine's /tmp.
  const env = { ...process.env, TMPDIR: temporary, PIP_DISABLE_PIP_VERSION_CHECK: '1' }
  await run(
    python,
    ['-m', 'pip', 'install', '--no-cache-dir', '--progress-bar', 'off', ...PACKAGES],
    tell,
    env,
  )
  await run(python, ['-c', 'import torch'], tell)
  renameSync(temporary, join(peersFolder, STAMP))
  return python
}

/** A folder whose presence says that the installation came to its end. */
const STAMP = `installed-${PACKAGES[0]}`

function run(
  command: string,
  args: string[],
  tell: (line: string) => void,
  env = process.env,
): Promise<void> {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  createInterface({ input: child.stdout }).on('line', (line) => tell(line.slice(0, 160)))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`${command} ${args[0]} ${args[1]} ended with exit code ${code}`)),
    )
  })
}

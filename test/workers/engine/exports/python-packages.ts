import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const FOLDER = path.resolve('.studyhall', 'python-examples')
const PYTHON = path.join(FOLDER, 'bin', 'python')

/** A Python with the packages of the examples, in a virtual environment that stays. @returns why there is none, if so */
export async function preparePython(): Promise<{ python: string } | { missing: string }> {
  try {
    if (!existsSync(PYTHON)) await run('python3', ['-m', 'venv', FOLDER])
    const check = ['-c', 'import numpy, PIL, onnxruntime']
    const isThere = await run(PYTHON, check).then(
      () => true,
      () => false,
    )
    if (!isThere)
      await run(PYTHON, ['-m', 'pip', 'install', '--quiet', 'numpy', 'pillow', 'onnxruntime'], {
        timeout: 240_000,
      })
    return { python: PYTHON }
  } catch (error) {
    await rm(FOLDER, { recursive: true, force: true })
    return {
      missing: `no virtual environment with numpy, pillow and onnxruntime could be made: ${String(error).slice(0, 200)}`,
    }
  }
}

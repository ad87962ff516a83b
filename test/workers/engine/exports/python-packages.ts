import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What the examples beside models need, and what reads every other format; each by the name that is imported. */
const PACKAGES = {
  'python-examples': { numpy: 'numpy', PIL: 'pillow', onnxruntime: 'onnxruntime' },
  'python-formats': {
    keras: 'keras',
    jax: 'jax',
    onnx: 'onnx',
    onnxruntime: 'onnxruntime',
    safetensors: 'safetensors',
  },
}

/** A Python with packages in a virtual environment that stays. @returns why there is none, if so */
export async function preparePython(
  kind: keyof typeof PACKAGES = 'python-examples',
): Promise<{ python: string } | { missing: string }> {
  const folder = path.resolve('.studyhall', kind)
  const python = path.join(folder, 'bin', 'python')
  const names = Object.values(PACKAGES[kind])
  const check = `import importlib.util as it; assert all(it.find_spec(name) for name in ${JSON.stringify(Object.keys(PACKAGES[kind]))})`
  try {
    if (!existsSync(python)) await run('python3', ['-m', 'venv', folder])
    const isThere = await run(python, ['-c', check]).then(
      () => true,
      () => false,
    )
    if (!isThere)
      await run(python, ['-m', 'pip', 'install', '--quiet', '--no-compile', ...names], { timeout: 240_000 })
    return { python }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    return {
      missing: `no virtual environment with ${names.join(', ')} could be made: ${String(error).slice(0, 200)}`,
    }
  }
}

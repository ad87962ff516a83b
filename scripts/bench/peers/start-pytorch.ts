import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MeasuredProcess } from '../step/measured-process.ts'
import type { CohortOptions } from '../step/options.ts'
import { peersFolder } from './install-pytorch.ts'

interface PytorchGreeting {
  version: string
  threads: number
  /** Trainable numbers of each student. */
  parameters: number[]
}

/** PyTorch with as many threads as TensorFlow takes: one a core. */
export function startPytorch(python: string, options: CohortOptions): MeasuredProcess<PytorchGreeting> {
  if (options.method !== 'MUTUAL') throw new Error('the peer in PyTorch knows the method MUTUAL only')
  const { students, update, precision, batch, classes, size, channels } = options
  const named = { students, update, precision, batch, classes, size, channels }
  const args = Object.entries(named).flatMap(([name, value]) => [`--${name}`, String(value)])
  const script = fileURLToPath(new URL('../../../test/references/peers.py', import.meta.url))
  return new MeasuredProcess(
    'PyTorch',
    python,
    [script, ...args, '--threads', String(availableParallelism())],
    { ...process.env, TORCHINDUCTOR_CACHE_DIR: join(peersFolder, 'compiled') },
  )
}

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { cardEnvironment, trimCompileCache } from '../../../workers/devices/card-environment.ts'
import { isOlder, problemsOf } from '../../../workers/devices/card-health.ts'
import { CardUsageSampler } from '../../../workers/devices/card-usage.ts'
import { parseCards } from '../../../workers/devices/cards.ts'
import { findPackagesFolder, inspectCudaLibraries } from '../../../workers/devices/cuda-libraries.ts'
import { cardOf, chooseDevice } from '../../../workers/devices/find-device.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'studyhall-card-'))
const cardsOf = (driver: string) => parseCards(`0, GPU-1111aaaa, NVIDIA H100 80GB HBM3, 81559, ${driver}\n`)
const cards = cardsOf('570.86.15')
const PACKAGES = {
  cuda_runtime: ['libcudart.so.12', '12.9.79'],
  cublas: ['libcublas.so.12 libcublasLt.so.12', '12.9.1.4'],
  cudnn: ['libcudnn.so.9', '9.28.0.42'],
  cufft: ['libcufft.so.11', '11.4.1.4'],
  cusolver: ['libcusolver.so.11', '11.7.5.82'],
  cusparse: ['libcusparse.so.12', '12.5.10.65'],
  cuda_cupti: ['libcupti.so.12', '12.9.79'],
  nvjitlink: ['libnvJitLink.so.12', '12.9.86'],
}

/** What `npm run setup` leaves on a machine with a card, but for some packages or with other versions. */
function install(changes: Partial<Record<keyof typeof PACKAGES, string | null>> = {}) {
  const home = folder()
  for (const [name, [files = '', version]] of Object.entries(PACKAGES)) {
    const changed = changes[name as keyof typeof PACKAGES]
    if (changed === null) continue
    mkdirSync(join(home, 'nvidia', name, 'lib'), { recursive: true })
    for (const file of files.split(' ')) writeFileSync(join(home, 'nvidia', name, 'lib', file), '')
    mkdirSync(join(home, `nvidia_${name}_cu12-${changed ?? version}.dist-info`))
  }
  return inspectCudaLibraries(home)
}

describe('a machine with a card', () => {
  it('is fit where driver and libraries are there and new enough, and tells their versions', () => {
    expect(problemsOf(cards, install())).toEqual([])
    const device = chooseDevice({ wanted: undefined, trainings: 1 }, { cards, libraries: install() })
    expect(cardOf(device)).toEqual({
      name: 'NVIDIA H100 80GB HBM3',
      memoryBytes: 81_559 * 2 ** 20,
      software: 'driver 570.86.15, CUDA 12.9.79, cuDNN 9.28.0.42',
    })
  })

  it.each([
    ['no card', [], install(), 'nvidia-smi reports no card'],
    [
      'an old driver',
      cardsOf('470.57.02'),
      install(),
      'driver 470.57.02 is too old for CUDA 12: install 525.60.13',
    ],
    [
      'a missing library',
      cards,
      install({ cufft: null }),
      'libcufft.so.11 is missing: the package nvidia-cufft-cu12',
    ],
    ['an old cuDNN', cards, install({ cudnn: '9.5.1.17' }), 'cuDNN 9.5.1.17 is too old for XLA'],
    ['no library at all', cards, inspectCudaLibraries(folder()), 'set up for the processor'],
  ])('is not trained on with %s, and one sentence says why', (_, found, libraries, sentence) => {
    const problems = problemsOf(found, libraries)
    expect(problems).toEqual([expect.stringContaining(sentence)])
    const machine = { cards: found, libraries }
    expect(() => chooseDevice({ wanted: 'cuda', trainings: 1 }, machine)).toThrow(sentence)
    const device = chooseDevice({ wanted: undefined, trainings: 1 }, machine)
    expect([device.kind, device.problems]).toEqual(['CPU', found.length > 0 ? problems : []])
  })

  it('has its libraries where the binding looks for them', () => {
    const place = folder()
    const binding = join(place, 'tfjs_binding.node')
    writeFileSync(binding, 'ELF\0$ORIGIN/../home/tensorflow/tensorflow\0.text\0')
    expect(findPackagesFolder(binding)).toBe(join(place, '../home/tensorflow'))
    writeFileSync(binding, 'ELF\0')
    expect(findPackagesFolder(binding)).toBeUndefined()
    expect(problemsOf(cards, inspectCudaLibraries(undefined))).toEqual([])
  })

  it('compares versions number by number', () => {
    expect(isOlder('9.5', '9.24')).toBe(true)
    expect(isOlder('9.24.0', '9.24')).toBe(false)
    expect(isOlder('10', '9.24')).toBe(false)
  })
})

describe('the environment of training processes on a card', () => {
  it('is deterministic and keeps compiled programs, unless it is told otherwise', () => {
    const cache = join(folder(), 'compiled-programs')
    expect(cardEnvironment({ TF_DETERMINISTIC_OPS: '0' }, cache)).toMatchObject({
      TF_DETERMINISTIC_OPS: '0',
      TF_CUDNN_DETERMINISTIC: '1',
      TF_XLA_FLAGS: `--tf_xla_persistent_cache_directory=${cache}`,
      XLA_FLAGS: expect.stringContaining('--xla_gpu_deterministic_ops=true'),
    })
    expect(readdirSync(cache)).toEqual([])
  })

  it('loses the programs used longest ago when they take too much', () => {
    const cache = folder()
    for (const [name, seconds] of Object.entries({ oldest: 1, older: 2, newest: 3 })) {
      writeFileSync(join(cache, name), new Uint8Array(100))
      utimesSync(join(cache, name), seconds, seconds)
    }
    trimCompileCache(cache, 250)
    expect(readdirSync(cache).sort()).toEqual(['newest', 'older'])
  })
})

describe('the use of cards', () => {
  it('is what one nvidia-smi process reports, summed and averaged, until it ends', async () => {
    const command = join(folder(), 'nvidia-smi')
    writeFileSync(
      command,
      '#!/bin/sh\necho "GPU-1111aaaa, 1024, 50"\necho "GPU-2222bbbb, 2048, 100"\nexec sleep 60\n',
    )
    chmodSync(command, 0o755)
    const sampler = new CardUsageSampler(['GPU-1111aaaa', 'GPU-2222bbbb'], command)
    await vi.waitFor(() => {
      expect(sampler.sample()).toEqual({ memoryUsedBytes: 3 * 2 ** 30, utilization: 0.75 })
    }, 20_000)
    sampler.close()
    await vi.waitFor(() => expect(sampler.sample()).toBeNull(), 20_000)
  })

  it('is unknown where there is no nvidia-smi', async () => {
    const sampler = new CardUsageSampler(['GPU-1111aaaa'], join(folder(), 'nvidia-smi'))
    await new Promise(setImmediate)
    expect(sampler.sample()).toBeNull()
    sampler.close()
  })
})

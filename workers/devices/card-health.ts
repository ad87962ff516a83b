/** Why a machine's graphics cards cannot be trained on, one sentence each, with what to do. */
import type { Card } from './cards.ts'
import type { CudaLibrary } from './cuda-libraries.ts'

/** The first driver for Linux that runs programs of CUDA 12 (NVIDIA's release notes on minor version compatibility). */
export const LEAST_DRIVER = '525.60.13'
/** XLA finds no algorithm for convolutions in older ones. */
export const LEAST_CUDNN = '9.24'

export function problemsOf(cards: readonly Card[], libraries: readonly CudaLibrary[]): string[] {
  if (cards.length === 0)
    return [
      'nvidia-smi reports no card that may be used here: install NVIDIA’s driver, or look at CUDA_VISIBLE_DEVICES.',
    ]
  return [...driverProblems(cards), ...libraryProblems(libraries)]
}

function driverProblems(cards: readonly Card[]): string[] {
  const drivers = new Set(cards.map(({ driver }) => driver))
  return [...drivers].flatMap((driver) =>
    driver !== null && isOlder(driver, LEAST_DRIVER)
      ? [`NVIDIA’s driver ${driver} is too old for CUDA 12: install ${LEAST_DRIVER} or newer.`]
      : [],
  )
}

function libraryProblems(libraries: readonly CudaLibrary[]): string[] {
  // Where nothing is known of them, the training process still refuses to do without its card.
  if (libraries.length === 0) return []
  const missing = libraries.filter(({ found }) => !found)
  if (missing.length === libraries.length)
    return [
      'TensorFlow was set up for the processor, without NVIDIA’s libraries: run STUDYHALL_DEVICE=cuda npm run setup.',
    ]
  const cudnn = libraries.find(({ package: name }) => name === 'nvidia-cudnn-cu12')
  const tooOld =
    cudnn?.version && isOlder(cudnn.version, LEAST_CUDNN)
      ? [`cuDNN ${cudnn.version} is too old for XLA: npm run setup installs ${LEAST_CUDNN} or newer.`]
      : []
  const absent = missing.map(
    ({ file, package: name }) =>
      `${file} is missing: the package ${name} has it, and npm run setup installs it.`,
  )
  return [...absent, ...tooOld]
}

/** Compares dotted numbers. */
export function isOlder(version: string, than: string): boolean {
  const [own, other] = [version, than].map((text) => text.split('.').map(Number)) as [number[], number[]]
  for (const [i, wanted] of other.entries()) {
    const difference = (own[i] ?? 0) - wanted
    if (difference !== 0) return difference < 0
  }
  return false
}

/** `driver 570.86.15, CUDA 12.9.79, cuDNN 9.28.0.42`: what results depend on besides the card. */
export function softwareOf(driver: string | null, libraries: readonly CudaLibrary[]): string {
  const versionOf = (name: string) =>
    libraries.find((library) => library.package === name)?.version ?? 'unknown'
  const parts = [
    ['driver', driver ?? 'unknown'],
    ['CUDA', versionOf('nvidia-cuda-runtime-cu12')],
    ['cuDNN', versionOf('nvidia-cudnn-cu12')],
  ]
  return parts.map((part) => part.join(' ')).join(', ')
}

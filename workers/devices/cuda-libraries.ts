/**
 * NVIDIA's libraries, which TensorFlow's CUDA build loads at its first use of a card. If one is missing, it
 * computes on the processor and says so in a line that nobody sees.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

export interface CudaLibrary {
  file: string
  /** The Python package that has it. */
  package: string
  /** Null if its package does not say, as in a system's own folders. */
  version: string | null
  found: boolean
}

const LIBRARIES: readonly (readonly [file: string, packageName: string])[] = [
  ['libcudart.so.12', 'nvidia-cuda-runtime-cu12'],
  ['libcublas.so.12', 'nvidia-cublas-cu12'],
  ['libcublasLt.so.12', 'nvidia-cublas-cu12'],
  ['libcudnn.so.9', 'nvidia-cudnn-cu12'],
  ['libcufft.so.11', 'nvidia-cufft-cu12'],
  ['libcusolver.so.11', 'nvidia-cusolver-cu12'],
  ['libcusparse.so.12', 'nvidia-cusparse-cu12'],
  ['libcupti.so.12', 'nvidia-cuda-cupti-cu12'],
  ['libnvJitLink.so.12', 'nvidia-nvjitlink-cu12'],
]

const SYSTEM_FOLDERS = ['/usr/local/cuda/lib64', '/usr/lib/x86_64-linux-gnu', '/usr/lib64']

/**
 * The folder of TensorFlow and NVIDIA's packages: where the binding itself looks for them, since a container keeps
 * its data elsewhere than what was set up in its image. Undefined if the binding does not tell.
 */
export function findPackagesFolder(binding = ownBinding()): string | undefined {
  if (binding === undefined) return undefined
  const searched = /\$ORIGIN\/([^\0:]+)/.exec(readFileSync(binding, 'latin1'))?.[1]
  return searched && path.dirname(path.resolve(path.dirname(binding), searched))
}

function ownBinding(): string | undefined {
  try {
    const require = createRequire(import.meta.url)
    const folder = path.dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'))
    const file = path.join(folder, 'lib/napi-v8/tfjs_binding.node')
    readFileSync(file)
    return file
  } catch {
    return undefined
  }
}

/**
 * @param packages the folder into which the set-up puts TensorFlow and NVIDIA's packages; nothing is told of them if
 * it is not known
 * @param searched LD_LIBRARY_PATH
 */
export function inspectCudaLibraries(packages: string | undefined, searched = ''): CudaLibrary[] {
  if (packages === undefined) return []
  const own = list(path.join(packages, 'nvidia')).map((name) => path.join(packages, 'nvidia', name, 'lib'))
  const folders = [...own, ...searched.split(':').filter((folder) => folder !== ''), ...SYSTEM_FOLDERS]
  const files = new Set(folders.flatMap(list))
  const versions = readVersions(packages)
  return LIBRARIES.map(([file, packageName]) => ({
    file,
    package: packageName,
    version: versions.get(packageName) ?? null,
    found: files.has(file),
  }))
}

/** By package name, from folders such as `nvidia_cudnn_cu12-9.28.0.42.dist-info`. */
function readVersions(packages: string): Map<string, string> {
  const found = list(packages).flatMap((name): [string, string][] => {
    const match = /^(nvidia_\w+)-([\d.]+)\.dist-info$/.exec(name)
    return match ? [[(match[1] as string).replaceAll('_', '-'), match[2] as string]] : []
  })
  return new Map(found)
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

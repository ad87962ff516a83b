// Extracts libtensorflow from TensorFlow's Python wheel: two libraries and the headers of the C API. No
// Python runs later, so the wheel is always for the same Python version, whichever this machine has.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { probePython } from '../check-machine.mjs'
import { runCommand, SetupError } from '../run-command.mjs'
import { chosenDevice, home } from '../settings.mjs'
import { clearStamp, hashInputs, hasStamp, writeStamp } from '../stamps.mjs'

const VERSION = '2.21.0'
const WHEEL_PYTHON = '3.12'
const PLATFORMS = {
  'linux x64': [
    'manylinux_2_27_x86_64',
    'manylinux_2_17_x86_64',
    'manylinux2014_x86_64',
    'manylinux1_x86_64',
  ],
  'linux arm64': ['manylinux_2_27_aarch64', 'manylinux_2_17_aarch64', 'manylinux2014_aarch64'],
  'darwin arm64': ['macosx_12_0_arm64'],
}
/** XLA finds no algorithm for convolutions with older ones (workers/devices/card-health.ts). */
const CUDNN = 'nvidia-cudnn-cu12>=9.24,<10'
/** For Linux; older ones cannot run programs of CUDA 12. */
const LEAST_DRIVER = '525.60.13'
const POLL_MS = 250

/** Folder of the libraries and `include/`, in the wheel's own layout, which the CUDA build relies on. */
export const tensorflowFolder = join(home, 'tensorflow', 'tensorflow')

export const libraries = {
  main: process.platform === 'darwin' ? 'libtensorflow_cc.2.dylib' : 'libtensorflow_cc.so.2',
  framework:
    process.platform === 'darwin' ? 'libtensorflow_framework.2.dylib' : 'libtensorflow_framework.so.2',
}

// Only the headers that the binding includes; the wheel's other 13,000 would only cost time and space.
const UNPACK = `
import sys, zipfile
wheel, target = sys.argv[1:]
headers = tuple("tensorflow/include/" + name for name in ("tensorflow/c/", "tensorflow/core/platform/ctstring", "tsl/platform/ctstring", "xla/tsl/c/"))
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        is_library = name.count("/") == 1 and "libtensorflow" in name
        if is_library or name.startswith(headers):
            archive.extract(name, target)`

const LIST_CUDA_PACKAGES = `
import re, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
    for line in archive.read(name).decode().splitlines():
        if line.startswith("Requires-Dist: nvidia") and "and-cuda" in line:
            print(re.sub(r"[()\\s]", "", line[len("Requires-Dist:"):].split(";")[0]))`

let device

/** 'cuda' if an NVIDIA driver responds, unless STUDYHALL_DEVICE says otherwise. */
export function findDevice() {
  device ??=
    chosenDevice ?? (spawnSync('nvidia-smi', ['-L'], { timeout: 10_000 }).status === 0 ? 'cuda' : 'cpu')
  return device
}

export const installTensorflow = {
  name: 'tensorflow',
  title: 'TensorFlow library',
  isCurrent: () => hasStamp('tensorflow', stampHash()) && hasLibraries(tensorflowFolder),
  async run({ signal, tell }) {
    clearStamp('tensorflow')
    const work = join(home, 'tensorflow.under-way')
    rmSync(work, { recursive: true, force: true })
    mkdirSync(join(work, 'temporary'), { recursive: true })
    const pip = await findPip({ signal, tell })
    const wheel = await fetchWheel({ pip, work, signal, tell })
    tell('unpacking')
    await runCommand('python3', ['-c', UNPACK, wheel, join(work, 'unpacked')], {
      log: 'tensorflow-unpack',
      signal,
    })
    if (findDevice() === 'cuda') await fetchCudaLibraries({ pip, wheel, work, signal, tell })
    if (!hasLibraries(join(work, 'unpacked/tensorflow')))
      throw new SetupError(
        `The wheel of TensorFlow ${VERSION} does not hold ${libraries.main}; nothing was changed.`,
      )
    replaceFolder(join(work, 'unpacked'), join(home, 'tensorflow'))
    rmSync(work, { recursive: true, force: true })
    writeStamp('tensorflow', stampHash())
    return findDevice() === 'cuda'
      ? `${VERSION} for cuda, which needs NVIDIA's driver ${LEAST_DRIVER} or newer`
      : `${VERSION} for cpu`
  },
}

function stampHash() {
  return hashInputs({
    values: [
      VERSION,
      findDevice(),
      process.platform,
      process.arch,
      UNPACK,
      ...(findDevice() === 'cuda' ? [CUDNN] : []),
    ],
  })
}

function hasLibraries(folder) {
  return Object.values(libraries).every((name) => existsSync(join(folder, name)))
}

/** The command for pip: the machine's own, or one in a virtual environment if there is only venv. */
export async function findPip({ signal, tell }) {
  if (probePython()?.hasPip) return ['python3', '-m', 'pip']
  const folder = join(home, 'pip')
  const python = join(folder, 'bin/python3')
  if (!existsSync(join(folder, 'bin/pip'))) {
    tell('making a virtual environment for pip')
    await runCommand('python3', ['-m', 'venv', folder], {
      log: 'pip-venv',
      signal,
      why: 'python3 has no pip and could not make a virtual environment (Debian/Ubuntu: apt-get install python3-venv).',
    })
  }
  return [python, '-m', 'pip']
}

async function fetchWheel({ pip, work, signal, tell }) {
  const isPlain = findDevice() === 'cuda' || process.platform === 'darwin'
  const name = `${isPlain ? 'tensorflow' : 'tensorflow-cpu'}==${VERSION}`
  await runPip({ pip, work, signal, tell }, ['download', '-d', work, name])
  const wheel = readdirSync(work).find((file) => file.endsWith('.whl'))
  return join(work, wheel)
}

async function fetchCudaLibraries({ pip, wheel, work, signal, tell }) {
  const list = await runCommand('python3', ['-c', LIST_CUDA_PACKAGES, wheel], {
    log: 'tensorflow-cuda-list',
    signal,
  })
  const names = list
    .split('\n')
    .filter((line) => line !== '')
    .map((name) => (name.startsWith('nvidia-cudnn-cu12') ? CUDNN : name))
  await runPip({ pip, work, signal, tell }, [
    'install',
    '--no-compile',
    '--target',
    join(work, 'unpacked'),
    ...names,
  ])
}

async function runPip({ pip, work, signal, tell }, [verb, ...args]) {
  const [command, ...before] = pip
  const chosen = [
    '--no-deps',
    '--only-binary=:all:',
    '--python-version',
    WHEEL_PYTHON,
    '--implementation',
    'cp',
  ]
  const platforms = listPlatforms().flatMap((platform) => ['--platform', platform])
  const progress = watchDownload(join(work, 'temporary'), tell)
  try {
    await runCommand(command, [...before, verb, ...chosen, ...platforms, '--progress-bar', 'off', ...args], {
      log: `tensorflow-pip-${verb}`,
      signal,
      // pip downloads into its temporary folder first, which lets us measure progress.
      env: { TMPDIR: join(work, 'temporary'), PIP_DISABLE_PIP_VERSION_CHECK: '1' },
      onLine: progress.readLine,
      why: 'pip could not fetch TensorFlow; is its index in reach, and is there room on the disk?',
    })
  } finally {
    progress.stop()
  }
}

function listPlatforms() {
  const platforms = PLATFORMS[`${process.platform} ${process.arch}`]
  if (platforms) return platforms
  throw new SetupError(
    `There is no TensorFlow ${VERSION} for ${process.platform} ${process.arch}; Linux (x64, arm64) and macOS (arm64) have one.`,
  )
}

/** Reports the progress of the file that pip names ("Downloading x.whl (274.0 MB)"). */
function watchDownload(folder, tell) {
  let current
  const timer = setInterval(() => {
    if (!current) return
    const megabytes = Math.max(0, sizeOf(folder) - current.before) / 1e6
    tell(`${current.name}: ${megabytes.toFixed(0)} of ${current.size}`)
  }, POLL_MS)
  return {
    readLine(line) {
      const [, verb, file, size] = /(Downloading|Using cached) (\S+\.whl)\S* \(([^)]+)\)/.exec(line) ?? []
      const name = file?.split('-')[0]
      current = verb === 'Downloading' ? { name, size, before: sizeOf(folder) } : undefined
      if (verb === 'Using cached') tell(`${name}, ${size} from pip's cache`)
    },
    stop: () => clearInterval(timer),
  }
}

function sizeOf(folder) {
  let bytes = 0
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name)
    if (entry.isFile()) bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0
  }
  return bytes
}

function replaceFolder(from, to) {
  const old = `${to}.old`
  rmSync(old, { recursive: true, force: true })
  if (existsSync(to)) renameSync(to, old)
  renameSync(from, to)
  rmSync(old, { recursive: true, force: true })
}

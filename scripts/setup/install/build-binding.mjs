// Compiles TensorFlow.js's native binding, whose sources are in its npm package, against the library from the
// wheel.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommand } from '../run-command.mjs'
import { home, root } from '../settings.mjs'
import { clearStamp, hashInputs, hasStamp, listFiles, writeStamp } from '../stamps.mjs'
import { libraries, tensorflowFolder } from './install-tensorflow.mjs'

const packageFolder = join(root, 'node_modules/@tensorflow/tfjs-node-gpu')
const binding = join(packageFolder, 'lib/napi-v8/tfjs_binding.node')
/** Relative path from the binding to the library, so that the checkout can be moved. */
const libraryPath = relative(dirname(binding), tensorflowFolder)
const INCLUDED = [join(root, 'node_modules/node-api-headers/include'), join(tensorflowFolder, 'include')]

export const buildBinding = {
  name: 'binding',
  title: 'TensorFlow binding',
  needs: ['packages', 'tensorflow'],
  isCurrent: () => existsSync(binding) && hasStamp('binding', stampHash()),
  async run({ signal, tell }) {
    clearStamp('binding')
    tell('compiling')
    await compile(signal)
    tell('multiplying two matrices')
    await runCommand(process.execPath, [fileURLToPath(new URL('verify-binding.mjs', import.meta.url))], {
      log: 'binding-verify',
      signal,
      env: { TF_CPP_MIN_LOG_LEVEL: '2' },
      why: 'The binding was compiled, but TensorFlow does not compute with it.',
    })
    writeStamp('binding', stampHash())
  },
}

function stampHash() {
  return hashInputs({
    files: [
      ...listFiles(join(packageFolder, 'binding')),
      join(root, 'node_modules/node-api-headers/package.json'),
      // The library is too large to hash, so its stamp is used instead.
      join(home, 'stamps/tensorflow'),
    ],
    values: [process.platform, process.arch, libraryPath],
  })
}

/** Calls g++ directly: node-gyp needs Node's headers from the network and fails in paths with spaces. */
async function compile(signal) {
  mkdirSync(dirname(binding), { recursive: true })
  const temporary = `${binding}.${process.pid}.tmp`
  try {
    await runCommand(
      'g++',
      [
        ...['-O2', '-shared', '-fPIC', '-std=c++17', '-DNAPI_VERSION=8'],
        ...INCLUDED.flatMap((folder) => ['-I', folder]),
        ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(packageFolder, 'binding', file)),
        ...listLinkerOptions(),
        ...['-o', temporary],
      ],
      { log: 'binding-compile', signal, why: 'The native binding of TensorFlow.js could not be compiled.' },
    )
    renameSync(temporary, binding)
  } finally {
    rmSync(temporary, { force: true })
  }
}

/**
 * The binding refers to the library's real location rather than a symlink: the CUDA build finds NVIDIA's
 * libraries by paths relative to its own, and the loader would resolve them from the symlink's folder.
 */
function listLinkerOptions() {
  const names = [libraries.main, libraries.framework]
  if (process.platform === 'darwin')
    return [
      ...names.map((name) => join(tensorflowFolder, name)),
      ...['-undefined', 'dynamic_lookup', `-Wl,-rpath,@loader_path/${libraryPath}`],
    ]
  return ['-L', tensorflowFolder, ...names.map((name) => `-l:${name}`), `-Wl,-rpath,$ORIGIN/${libraryPath}`]
}

// Compiles TensorFlow.js's native binding, whose sources lie in its npm package, against the library of the wheel.
import { existsSync, lstatSync, mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { libraries, tensorflowFolder } from './install-tensorflow.mjs'
import { runCommand } from './run-command.mjs'
import { home, root } from './settings.mjs'
import { clearStamp, hashInputs, hasStamp, listFiles, writeStamp } from './stamps.mjs'

const packageFolder = join(root, 'node_modules/@tensorflow/tfjs-node-gpu')
const binding = join(packageFolder, 'lib/napi-v8/tfjs_binding.node')
const isMac = process.platform === 'darwin'

export const buildBinding = {
  name: 'binding',
  title: 'TensorFlow binding',
  needs: ['packages', 'tensorflow'],
  isCurrent: () => existsSync(binding) && areLinksRight() && hasStamp('binding', stampHash()),
  async run({ signal, tell }) {
    clearStamp('binding')
    for (const link of listLinks()) makeLink(link)
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
      // The library is too large to hash; its own stamp says which one it is.
      join(home, 'stamps/tensorflow'),
    ],
    values: [process.platform, process.arch],
  })
}

function listLinks() {
  const lib = join(packageFolder, 'deps/lib')
  const suffix = isMac ? 'dylib' : 'so'
  return [
    { path: join(packageFolder, 'deps/include'), target: join(tensorflowFolder, 'include') },
    { path: join(lib, `libtensorflow.${suffix}`), target: join(tensorflowFolder, libraries.main) },
    { path: join(lib, libraries.main), target: join(tensorflowFolder, libraries.main) },
    {
      path: join(lib, `libtensorflow_framework.${suffix}`),
      target: join(tensorflowFolder, libraries.framework),
    },
    { path: join(lib, libraries.framework), target: join(tensorflowFolder, libraries.framework) },
  ].map(({ path, target }) => ({ path, points: relative(dirname(path), target) }))
}

function areLinksRight() {
  return listLinks().every(({ path, points }) => readLink(path) === points && existsSync(path))
}

function readLink(path) {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : undefined
}

function makeLink({ path, points }) {
  mkdirSync(dirname(path), { recursive: true })
  rmSync(path, { recursive: true, force: true })
  symlinkSync(points, path)
}

/** Straight with g++: node-gyp needs Node's headers from the network and fails in a path with a space. */
async function compile(signal) {
  mkdirSync(dirname(binding), { recursive: true })
  const temporary = `${binding}.${process.pid}.tmp`
  const lib = join(packageFolder, 'deps/lib')
  const link = isMac
    ? [
        join(lib, libraries.main),
        join(lib, libraries.framework),
        '-undefined',
        'dynamic_lookup',
        '-Wl,-rpath,@loader_path/../../deps/lib',
      ]
    : ['-L', lib, `-l:${libraries.main}`, `-l:${libraries.framework}`, '-Wl,-rpath,$ORIGIN/../../deps/lib']
  try {
    await runCommand(
      'g++',
      [
        ...['-O2', '-shared', '-fPIC', '-std=c++17', '-DNAPI_VERSION=8'],
        ...[
          '-I',
          join(root, 'node_modules/node-api-headers/include'),
          '-I',
          join(packageFolder, 'deps/include'),
        ],
        ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(packageFolder, 'binding', file)),
        ...link,
        ...['-o', temporary],
      ],
      { log: 'binding-compile', signal, why: 'The native binding of TensorFlow.js could not be compiled.' },
    )
    renameSync(temporary, binding)
  } finally {
    rmSync(temporary, { force: true })
  }
}

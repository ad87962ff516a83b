// Bundles the production programs into dist/: one file each plus shared chunks, with packages left in
// node_modules. Run from source through tsx they would start three times slower. Used by set-up, `npm run
// dev` and the tests.
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SetupError } from '../run-command.mjs'
import { root } from '../settings.mjs'
import { clearStamp, hashInputs, hasStamp, listFiles, writeFileWhole, writeStamp } from '../stamps.mjs'

/** Entry point of each program, which is built as dist/<name>.js. */
export const BUILT_FROM = {
  server: 'server/main.ts',
  worker: 'workers/main.ts',
  web: 'web/main.ts',
  'training-process': 'workers/training/process.ts',
  'export-process': 'workers/training/export-process.ts',
  'explain-process': 'workers/training/explain-process.ts',
  'weights-process': 'workers/training/weights-process.ts',
  train: 'cli/train.ts',
  experiment: 'cli/experiment.ts',
  studyhall: 'cli/studyhall.ts',
  verify: 'cli/verify.ts',
  start: 'scripts/start.ts',
  'start-worker': 'scripts/worker.ts',
  demo: 'scripts/demo.ts',
}

const SOURCES = [
  'cli',
  'contract',
  'experiments',
  'logging',
  'prisma',
  'runs',
  'scripts',
  'server',
  'storage',
  'web/front',
  'workers',
]
const SECONDS_A_WEEK = 7 * 24 * 3600

export const dist = join(root, 'dist')

export const buildProcessesStep = {
  name: 'processes',
  title: 'Server, worker and commands',
  needs: ['packages', 'generate'],
  isCurrent: areProcessesBuilt,
  run: buildProcesses,
}

export function areProcessesBuilt() {
  return (
    Object.keys(BUILT_FROM).every((name) => existsSync(join(dist, `${name}.js`))) &&
    hasStamp('processes', hashSources(), dist)
  )
}

export async function buildProcesses() {
  const hash = hashSources()
  // Imported late, because node_modules does not exist yet when the first set-up loads this file.
  const { build } = await import('esbuild')
  const { outputFiles } = await build(await esbuildOptions()).catch((error) => {
    throw new SetupError(`The programs could not be built. ${error.message}`)
  })
  writeOutputs(outputFiles)
  writeStamp('processes', hash, dist)
}

/** Options for esbuild; `writeOutputs` writes the files. */
export async function esbuildOptions() {
  const { readEngineBuild } = await import('../../../workers/engine-build.mjs')
  return {
    absWorkingDir: root,
    entryPoints: BUILT_FROM,
    outdir: dist,
    write: false,
    bundle: true,
    // Puts shared code into separate chunks, and keeps dynamic imports lazy.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    keepNames: true,
    sourcemap: true,
    // The source files are available next to the build.
    sourcesContent: false,
    define: { 'import.meta.url': 'SOURCE_URL', ENGINE_BUILD: JSON.stringify(readEngineBuild(root)) },
    banner: { js: "const urlOfSource = (file) => new URL('../' + file, import.meta.url).href;" },
    plugins: [keepSourceUrls, leavePackages],
    logLevel: 'silent',
  }
}

/** Keeps import.meta.url pointing at the source file, so that modules find the files beside it. */
const keepSourceUrls = {
  name: 'keep-source-urls',
  setup(build) {
    build.onLoad({ filter: /\.(ts|mjs)$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      if (!source.includes('import.meta.url')) return undefined
      const file = JSON.stringify(relative(root, path))
      // Prepended to the first line, to keep line numbers.
      return { contents: `const SOURCE_URL = urlOfSource(${file}); ${source}`, loader: 'ts' }
    })
  },
}

/** Bundles only Zod: every program loads it, and one file loads faster than its 95. */
const leavePackages = {
  name: 'leave-packages',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || /^zod(\/|$)/.test(path) ? undefined : { path, external: true },
    )
  },
}

/** Writes shared chunks before entry points, so that a program started meanwhile finds a consistent build. */
export function writeOutputs(files) {
  clearStamp('processes', dist)
  const isEntry = ({ path }) => basename(path).replace(/\.js(\.map)?$/, '') in BUILT_FROM
  const [entries, shared] = [files.filter(isEntry), files.filter((file) => !isEntry(file))]
  for (const { path, contents } of [...shared, ...entries]) writeFileWhole(path, contents)
  const written = new Set(files.map(({ path }) => basename(path)))
  // Processes started from an earlier build may still load its chunks.
  const olderMs = Date.now() - 1000 * SECONDS_A_WEEK
  for (const name of readdirSync(dist))
    if (/\.js(\.map)?$/.test(name) && !written.has(name) && statSync(join(dist, name)).mtimeMs < olderMs)
      rmSync(join(dist, name))
}

function hashSources() {
  const isSource = (name, isFolder) => isFolder || /\.(ts|mjs)$/.test(name)
  const files = SOURCES.flatMap((folder) => listFiles(join(root, folder), isSource))
  const others = ['web/main.ts', 'tsconfig.json', 'package-lock.json'].map((name) => join(root, name))
  return hashInputs({ files: [...files, ...others] })
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  if (!areProcessesBuilt()) await buildProcesses()
}

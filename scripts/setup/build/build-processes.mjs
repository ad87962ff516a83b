// Builds the programs that run daily into dist/: one file each and what they share, their packages left in node_modules.
// From their sources through tsx they would start three times slower. Set-up, `npm run dev` and the tests build them.
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SetupError } from '../run-command.mjs'
import { root } from '../settings.mjs'
import { clearStamp, hashInputs, hasStamp, listFiles, writeFileWhole, writeStamp } from '../stamps.mjs'

/** What each is started as, dist/<name>.js, and where it begins. */
export const BUILT_FROM = {
  server: 'server/main.ts',
  worker: 'workers/main.ts',
  web: 'web/main.ts',
  'training-process': 'workers/training/process.ts',
  'export-process': 'workers/training/export-process.ts',
  train: 'cli/train.ts',
  experiment: 'cli/experiment.ts',
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
  // Loaded late: the first set-up has no node_modules when this file is read.
  const { build } = await import('esbuild')
  const { outputFiles } = await build(await esbuildOptions()).catch((error) => {
    throw new SetupError(`The programs could not be built. ${error.message}`)
  })
  writeOutputs(outputFiles)
  writeStamp('processes', hash, dist)
}

/** For esbuild, which leaves writing to `writeOutputs`. */
export async function esbuildOptions() {
  const { readEngineBuild } = await import('../../../workers/engine-build.mjs')
  return {
    absWorkingDir: root,
    entryPoints: BUILT_FROM,
    outdir: dist,
    write: false,
    bundle: true,
    // Shared code lies in files of its own, and what is imported late is loaded late.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    keepNames: true,
    sourcemap: true,
    // The sources are there.
    sourcesContent: false,
    define: { 'import.meta.url': 'SOURCE_URL', ENGINE_BUILD: JSON.stringify(readEngineBuild(root)) },
    banner: { js: "const urlOfSource = (file) => new URL('../' + file, import.meta.url).href;" },
    plugins: [keepSourceUrls, leavePackages],
    logLevel: 'silent',
  }
}

/** A built module's import.meta.url names its source as ever, so that it finds the files beside it. */
const keepSourceUrls = {
  name: 'keep-source-urls',
  setup(build) {
    build.onLoad({ filter: /\.(ts|mjs)$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      if (!source.includes('import.meta.url')) return undefined
      const file = JSON.stringify(relative(root, path))
      // On the first line, so that the others keep their numbers.
      return { contents: `const SOURCE_URL = urlOfSource(${file}); ${source}`, loader: 'ts' }
    })
  },
}

/** Zod alone is taken in: every program loads it, and one file loads faster than its ninety-five. */
const leavePackages = {
  name: 'leave-packages',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === 'entry-point' || /^zod(\/|$)/.test(path) ? undefined : { path, external: true },
    )
  },
}

/** A program that starts meanwhile finds whole files, of one build or the other: those that name others come last. */
export function writeOutputs(files) {
  clearStamp('processes', dist)
  const isEntry = ({ path }) => basename(path).replace(/\.js(\.map)?$/, '') in BUILT_FROM
  const [entries, shared] = [files.filter(isEntry), files.filter((file) => !isEntry(file))]
  for (const { path, contents } of [...shared, ...entries]) writeFileWhole(path, contents)
  const written = new Set(files.map(({ path }) => basename(path)))
  // Who was started from an earlier build may load more of it.
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

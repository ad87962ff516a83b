import { context, type OutputFile } from 'esbuild'
import { esbuildOptions, writeOutputs } from '../setup/build/build-processes.mjs'

/** A program, and the built files that it loads or starts: a worker is another when the engine of its trainings is. */
const ENTRIES = {
  web: ['web'],
  server: ['server'],
  worker: ['worker', 'training-process', 'export-process', 'explain-process', 'weights-process'],
}
export type WatchedProgram = keyof typeof ENTRIES

export interface ProgramListener {
  /** After every build: which programs are others than before; all, the first time. */
  onBuilt(changed: WatchedProgram[]): void
  /** What keeps a build from coming about, undefined once nothing does any more; the programs stay as they are. */
  onError(message: string | undefined): void
}

/** Builds them now and after every change of their sources, until the returned function is called. */
export async function watchPrograms({ onBuilt, onError }: ProgramListener): Promise<() => Promise<void>> {
  const options = await esbuildOptions()
  const { ENGINE_BUILD: _, ...define } = options.define
  const builtBefore = new Map<WatchedProgram, string>()
  let hasFailed = false
  const watching = await context({
    ...options,
    // The engine changes under a worker that is watched: it reads its sources as it starts.
    define,
    metafile: true,
    plugins: [
      ...options.plugins,
      {
        name: 'tell-changes',
        setup: (build) =>
          build.onEnd(({ errors, outputFiles, metafile }) => {
            if (errors.length > 0) onError(errors.map(describeError).join('\n'))
            else if (hasFailed) onError(undefined)
            hasFailed = errors.length > 0
            if (hasFailed) return
            writeOutputs(outputFiles ?? [])
            const changed = programs().filter((name) => {
              const hash = hashProgram(name, outputFiles ?? [], metafile?.outputs ?? {})
              const isChanged = builtBefore.get(name) !== hash
              builtBefore.set(name, hash)
              return isChanged
            })
            onBuilt(changed)
          }),
      },
    ],
  })
  await watching.watch()
  return () => watching.dispose()
}

const programs = () => Object.keys(ENTRIES) as WatchedProgram[]

type Outputs = Record<string, { imports: { path: string }[] }>

/** Of every file that the program's entries load, at once or later. */
function hashProgram(name: WatchedProgram, files: OutputFile[], outputs: Outputs): string {
  const hashes = new Map(files.map(({ path, hash }) => [path.slice(path.lastIndexOf('/dist/') + 1), hash]))
  const reached = new Set(ENTRIES[name].map((entry) => `dist/${entry}.js`))
  for (const file of reached) for (const { path } of outputs[file]?.imports ?? []) reached.add(path)
  return [...reached].flatMap((file) => hashes.get(file) ?? []).join()
}

function describeError({
  text,
  location,
}: {
  text: string
  location: { file: string; line: number } | null
}) {
  return location ? `${location.file}:${location.line}: ${text}` : text
}

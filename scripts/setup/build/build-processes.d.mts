import type { BuildOptions, OutputFile, Plugin } from 'esbuild'

/** The source of each program dist/<name>.js. */
export const BUILT_FROM: Readonly<Record<string, string>>
/** Whether dist/ holds what the sources amount to. */
export function areProcessesBuilt(): boolean
/** Builds server, worker and commands into dist/. */
export function buildProcesses(): Promise<void>
/** How they are built; what esbuild makes of it is for `writeOutputs`. */
export function esbuildOptions(): Promise<
  BuildOptions & { define: Record<string, string>; plugins: Plugin[]; write: false }
>
/** Writes what was built into dist/, which counts as built by nothing known from then on. */
export function writeOutputs(files: OutputFile[]): void

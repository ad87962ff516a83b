import path from 'node:path'
import { root } from '../setup/settings.mjs'

export type ProgramName = 'server' | 'worker' | 'web' | 'start-worker' | 'train' | 'experiment'

/** Node's arguments that run a program of ours as the set-up has built it. */
export function programArguments(name: ProgramName): string[] {
  return ['--enable-source-maps', path.join(root, 'dist', `${name}.js`)]
}

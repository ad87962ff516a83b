import path from 'node:path'
import { root } from '../setup/settings.mjs'

export type ProgramName = 'server' | 'worker' | 'web' | 'start-worker' | 'train' | 'experiment' | 'verify'

/** Node's arguments to run one of the programs built by the set-up. */
export function programArguments(name: ProgramName): string[] {
  return ['--enable-source-maps', path.join(root, 'dist', `${name}.js`)]
}

import { type ChildProcess, spawn } from 'node:child_process'
import { programArguments } from '../../scripts/start/program.ts'

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** The command as `npm run train` starts it, without a database or anything else in its environment. */
export function startTraining(args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const { PATH, HOME, LD_LIBRARY_PATH } = process.env
  const child = spawn(process.execPath, [...programArguments('train'), ...args], {
    env: { PATH, HOME, LD_LIBRARY_PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout!.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr!.on('data', (chunk) => {
    stderr += chunk
  })
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code) => resolve({ code, stdout, stderr })),
  )
  return { child, ended }
}

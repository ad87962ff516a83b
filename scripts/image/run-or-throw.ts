import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

export async function runOrThrow(command: string, args: string[]): Promise<void> {
  await succeeded(spawn(command, args, { stdio: 'inherit' }), [command, ...args].join(' '))
}

export async function succeeded(child: ChildProcess, name: string): Promise<void> {
  const [code, signal] = await once(child, 'exit')
  if (code !== 0) throw new Error(`“${name}” ended with ${signal ?? code}.`)
}

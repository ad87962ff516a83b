import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Redis } from 'ioredis'
import { findProgram } from '../../scripts/setup/check-machine.mjs'
import { testServerProgram } from '../../scripts/setup/install/install-test-servers.mjs'
import { findFreePorts } from '../free-ports.ts'

export interface RedisServer {
  url: string
  /** Forgets everything, as a Redis does that is started anew without a disk. */
  wipe(): Promise<void>
  stop(): Promise<void>
}

/** A Redis of this test's own: the machine's redis-server where it has one, else the Valkey of the set-up. */
export async function startRedisServer(): Promise<RedisServer> {
  const program = findProgram('redis-server') ?? testServerProgram('valkey-server')
  if (!existsSync(program))
    throw new Error('there is no redis-server, and the set-up of the tests has brought none')
  const folder = await mkdtemp(path.join(tmpdir(), 'redis-server-'))
  const [port] = await findFreePorts(1)
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder,
  ]
  const child = spawn(program, args, { stdio: 'ignore' })
  const url = `redis://127.0.0.1:${port}`
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 })
  client.on('error', () => {})
  await client.ping()
  return {
    url,
    async wipe() {
      await client.flushall()
    },
    async stop() {
      client.disconnect()
      const exited = once(child, 'exit')
      if (child.exitCode === null && child.kill('SIGKILL')) await exited
      await rm(folder, { recursive: true, force: true })
    },
  }
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from '../../scripts/setup/choose-ports.mjs'
import { answers } from '../../scripts/setup/running-instance.mjs'
import { root } from '../../scripts/setup/settings.mjs'
import { makeEnvironment } from '../../scripts/start/environment.ts'
import { programArguments } from '../../scripts/start/program.ts'
import { createTestDatabase } from '../database.ts'

export interface TestProduct {
  /** The pages’ origin. */
  origin: string
  /** What server, worker and pages have written so far. */
  said(): string
  /** The most memory that the process of the pages has had so far. */
  peakOfPagesBytes(): Promise<number>
  stop(): Promise<void>
}

/** Server, worker and pages as processes of their own, with a database and a folder of their own. */
export async function startProduct(): Promise<TestProduct> {
  const api = await findFreePort(4100)
  const web = await findFreePort(3100)
  const home = await mkdtemp(path.join(tmpdir(), 'studyhall-journey-'))
  const testDatabase = await createTestDatabase()
  const origin = `http://localhost:${web}`
  const env = {
    ...makeEnvironment({ api, web }),
    DATABASE_URL: testDatabase.url,
    STUDYHALL_HOME: home,
    STUDYHALL_STORAGE: path.join(home, 'storage'),
    PUBLIC_ORIGIN: origin,
  }
  const said: string[] = []
  const programs = [programArguments('server'), programArguments('worker'), programArguments('web')]
  const children = programs.map((args) => {
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(String(chunk)))
    return child
  })
  const stop = async () => {
    await Promise.all(children.map(endProcess))
    await testDatabase.drop()
    await rm(home, { recursive: true, force: true })
  }
  const addresses = [`http://127.0.0.1:${api}/healthz`, `http://127.0.0.1:${web}/`]
  for (let tries = 0; !(await allAnswer(addresses)); tries++) {
    if (tries === 240) {
      await stop()
      throw new Error(`The product did not come up. It said:\n${said.join('')}`)
    }
    await sleep(250)
  }
  return {
    origin,
    said: () => said.join(''),
    peakOfPagesBytes: () => peakBytes(children.at(-1)?.pid),
    stop,
  }
}

/** As Linux counts it. */
async function peakBytes(pid: number | undefined): Promise<number> {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kibibytes) * 1024
}

async function allAnswer(addresses: string[]): Promise<boolean> {
  return (await Promise.all(addresses.map(answers))).every(Boolean)
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const lastResort = setTimeout(() => child.kill('SIGKILL'), 15_000)
  await ended
  clearTimeout(lastResort)
}

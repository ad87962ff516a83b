import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { openLog } from '../../../logging/open-log.ts'
import { type RunningWorker, startWorker } from '../../../workers/worker.ts'
import { documentedLines } from '../../documented-lines.ts'
import { makeKey } from '../../server/make-key.ts'
import { type Person, startTestServer, type TestServer } from '../../server/test-server.ts'
import { twoClasses } from '../../workers/datasets/pictures.ts'
import { workerConfig } from '../../workers/worker-config.ts'

const run = promisify(execFile)
let server: TestServer
let ada: Person
let folder: string
let tarball: string
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  folder = await mkdtemp(path.join(tmpdir(), 'studyhall-package-'))
  const tools = path.join(folder, 'job', 'tools')
  await mkdir(tools, { recursive: true })
  const pack = ['pack', '--ignore-scripts=false', '--pack-destination', tools, '--silent', './cli/studyhall']
  const { stdout: packed } = await run('npm', pack)
  tarball = path.join(tools, packed.trim().split('\n').at(-1)!)
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await server.stop()
})

it('is packed into a file that needs nothing else, installed without a network, and run', async () => {
  const installed = path.join(folder, 'installed')
  await mkdir(installed)
  const install = ['install', '--prefix', installed, '--offline', '--no-audit', '--no-fund', tarball]
  await run('npm', install, { cwd: installed })
  const command = path.join(installed, 'node_modules/.bin/studyhall')
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    STUDYHALL_URL: server.url,
    STUDYHALL_KEY: await makeKey(ada),
  }
  const { stdout } = await run(command, ['whoami', '--json'], { env, cwd: folder })
  expect(JSON.parse(stdout)).toMatchObject({ team: { id: ada.teamId } })
  const refused = run(command, ['run', 'watch', '1'], { env, cwd: folder })
  await expect(refused).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('There is no run 1'),
  })
})

it('has the version of the product', async () => {
  const versionOf = async (file: string) => JSON.parse(await readFile(file, 'utf8')).version
  expect(await versionOf('cli/studyhall/package.json')).toBe(await versionOf('package.json'))
})

describe('with a server and a worker', () => {
  let worker: RunningWorker
  beforeAll(async () => {
    const config = workerConfig(server.databaseUrl, folder, server.config.storage)
    worker = await startWorker(config, openLog('worker', 'silent'))
    const readme = await readFile('cli/studyhall/README.md', 'utf8')
    await writeFile(path.join(folder, 'job/cohort.json'), /^`cohort.json` is `(.*?)`/m.exec(readme)![1]!)
  })
  afterAll(() => worker?.close())

  async function layImages(name: string, images: Record<string, Buffer>): Promise<void> {
    await rm(path.join(folder, 'job', name), { recursive: true, force: true })
    for (const [entry, bytes] of Object.entries(images)) {
      const file = path.join(folder, 'job', name, entry)
      await mkdir(path.dirname(file), { recursive: true })
      await writeFile(file, bytes)
    }
  }

  /** As a shell does it in the folder of the job. */
  async function carryOut(command: string, person: Person): Promise<{ code: number; said: string }> {
    const key = { STUDYHALL_URL: server.url, STUDYHALL_KEY: await makeKey(person) }
    const bin = path.join(folder, 'installed/node_modules/.bin')
    const env = { PATH: `${bin}:${process.env.PATH}`, HOME: folder, npm_config_offline: 'true', ...key }
    return run('bash', ['-e', '-c', command], { cwd: path.join(folder, 'job'), env }).then(
      ({ stderr }) => ({ code: 0, said: stderr }),
      (error: { code: number; stderr: string }) => ({ code: error.code, said: error.stderr }),
    )
  }

  async function commandsOfCi(): Promise<string[]> {
    const readme = await readFile('cli/studyhall/README.md', 'utf8')
    const { steps } = parse(/```yaml\n([\s\S]*?)```/.exec(readme)![1]!) as { steps: { run?: string }[] }
    const commands = steps.flatMap((step) => step.run ?? [])
    expect(commands).toHaveLength(2)
    return commands
  }

  /** What CI does on a push: step by step, until one fails. @returns the exit code of the last one */
  async function push(images: Record<string, Buffer>): Promise<number> {
    await layImages('images', images)
    for (const command of await commandsOfCi()) {
      const { code } = await carryOut(command, ada)
      if (code !== 0) return code
    }
    return 0
  }

  it('the CI job of its README trains on every push, and fails once accuracy drops', async () => {
    const images = await twoClasses(64)
    expect(await push(images)).toBe(0)
    const swapped = Object.entries(images).map(([name, bytes]): [string, Buffer] => [
      name.startsWith('test/')
        ? name.replace(/dark|light/, (was) => (was === 'dark' ? 'light' : 'dark'))
        : name,
      bytes,
    ])
    expect(await push(Object.fromEntries(swapped))).toBe(4)
    expect(await server.database.run.count({ where: { teamId: ada.teamId, status: 'SUCCEEDED' } })).toBe(2)
  }, 300_000)

  it('does every other line that the documentation has of it, in that order', async () => {
    const bob = await server.signUp('Bob')
    await layImages('pictures', await twoClasses(64))
    const lines = documentedLines().filter(({ program }) => program === 'studyhall')
    const ofCi = await commandsOfCi()
    const done = [...new Set(lines.map(({ args }) => args))].filter(
      // Somebody has to confirm the sign-in in a browser: sign-in.test.ts. What is forked has to be there: runs.test.ts.
      (args) => !/^(login|run fork) /.test(`${args} `) && !ofCi.some((command) => command.endsWith(args)),
    )
    expect(done.length).toBeGreaterThan(6)
    for (const args of done)
      expect([args, await carryOut(`studyhall ${args}`, bob)]).toMatchObject([args, { code: 0 }])
    expect((await readdir(path.join(folder, 'job/models'))).length).toBeGreaterThan(1)
  }, 300_000)
})

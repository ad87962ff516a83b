import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeKey } from '../../server/make-key.ts'
import { type Person, startTestServer, type TestServer } from '../../server/test-server.ts'

const run = promisify(execFile)
let server: TestServer
let ada: Person
let folder: string
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  folder = await mkdtemp(path.join(tmpdir(), 'studyhall-package-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await server.stop()
})

it('is packed into a file that needs nothing else, installed without a network, and run', async () => {
  const pack = ['pack', '--ignore-scripts=false', '--pack-destination', folder, '--silent', './cli/studyhall']
  const { stdout: packed } = await run('npm', pack)
  const tarball = path.join(folder, packed.trim().split('\n').at(-1)!)
  const install = ['install', '--prefix', folder, '--offline', '--no-audit', '--no-fund', tarball]
  await run('npm', install, { cwd: folder })
  const command = path.join(folder, 'node_modules/.bin/studyhall')
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

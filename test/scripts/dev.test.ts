import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readProcessStart } from '../../scripts/setup/read-process.mjs'
import { findRunningInstance } from '../../scripts/setup/running-instance.mjs'
import { home, root } from '../../scripts/setup/settings.mjs'
import { createTestDatabase, type TestDatabase } from '../database.ts'
import { childrenOf } from '../workers/processes.ts'

/** Large, or nothing that `npm run dev` reads; and the pages, which take Next a minute of a busy machine to compile. */
const LEFT_OUT = [
  '.git',
  '.studyhall',
  '.next',
  'node_modules',
  'dist',
  'downloads',
  'results',
  'samples',
  'test',
]

/** In their place. */
const PAGES = {
  'layout.tsx': 'export default ({ children }) => <html lang="en"><body>{children}</body></html>',
  'page.tsx': 'export default () => <p>as it was</p>',
}

let db: TestDatabase
let checkout: string
let dev: ChildProcess
const lines: string[] = []

beforeAll(async () => {
  db = await createTestDatabase()
  // Below the real one, whose packages it finds from there.
  checkout = await mkdtemp(path.join(home, 'dev-'))
  await copySources(checkout)
  for (const [file, text] of Object.entries(PAGES)) await writePage(file, text)
})
afterAll(async () => {
  if (dev?.exitCode === null) await interrupt()
  await db?.drop()
  await rm(checkout, { recursive: true, force: true })
})

async function copySources(to: string): Promise<void> {
  const filter = (file: string) => !LEFT_OUT.includes(path.relative(root, file))
  for (const name of (await readdir(root)).filter((name) => filter(path.join(root, name))))
    await cp(path.join(root, name), path.join(to, name), { recursive: true, filter })
}

async function writePage(file: string, text: string): Promise<void> {
  await mkdir(path.join(checkout, 'web/app'), { recursive: true })
  await writeFile(path.join(checkout, 'web/app', file), text)
}

function startDevelopment(): void {
  const { STUDYHALL_HOME: _, PUBLIC_ORIGIN: __, ...env } = process.env
  dev = spawn(process.execPath, ['--import', 'tsx', 'scripts/dev.ts'], {
    cwd: checkout,
    env: { ...env, DATABASE_URL: db.url },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  for (const stream of [dev.stdout, dev.stderr])
    if (stream) createInterface({ input: stream }).on('line', (line) => lines.push(line))
}

/** @returns exit code and signal */
function interrupt(): Promise<unknown[]> {
  const ended = once(dev, 'exit')
  dev.kill('SIGINT')
  return ended
}

/** Every process below this one. */
async function descendantsOf(pid: number): Promise<number[]> {
  const children = await childrenOf(pid)
  return [...children, ...(await Promise.all(children.map(descendantsOf))).flat()]
}

it('`npm run dev` brings up pages and API, starts a changed server again, and leaves nothing behind', async () => {
  startDevelopment()
  const findUrl = () => /Studyhall in development: (\S+)/.exec(lines.join('\n'))?.[1]
  await expect.poll(findUrl, { timeout: 120_000 }).toBeDefined()
  const url = findUrl() ?? ''
  expect(await readText(url)).toContain('as it was')
  expect(await askApi(url)).toEqual({ data: { viewer: null } })
  const found = await findRunningInstance(path.join(checkout, '.studyhall/development'))
  expect(found?.webUrl).toBe(url)

  const health = path.join(checkout, 'server/health.ts')
  await writeFile(health, (await readFile(health, 'utf8')).replace("status: 'ok'", "status: 'changed'"))
  const ask = () =>
    fetch(`${found?.apiUrl}/livez`).then(
      (answer) => answer.json(),
      () => null,
    )
  await expect.poll(ask, { timeout: 30_000 }).toEqual({ status: 'changed' })

  await writePage('page.tsx', PAGES['page.tsx'].replace('was', 'is now'))
  await expect.poll(() => readText(url), { timeout: 30_000 }).toContain('as it is now')

  const started = await descendantsOf(dev.pid ?? 0)
  expect(started.length).toBeGreaterThanOrEqual(3)
  expect(await interrupt()).toEqual([130, null])
  await expect.poll(() => started.filter((pid) => readProcessStart(pid)), { timeout: 10_000 }).toEqual([])
}, 240_000)

async function readText(url: string): Promise<string> {
  return (await fetch(url)).text()
}

async function askApi(url: string): Promise<unknown> {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ viewer { teams { id } } }' }),
  })
  return answer.json()
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from '../../scripts/setup/choose-ports.mjs'
import { answers } from '../../scripts/setup/running-instance.mjs'
import { root } from '../../scripts/setup/settings.mjs'
import { makeEnvironment } from '../../scripts/start/environment.ts'
import { programArguments } from '../../scripts/start/program.ts'
import { createTestDatabase } from '../database.ts'
import { CLIENT, startOidcServer } from '../oidc-server.ts'

/** The first person of every product, who therefore administers it. */
export const ADMINISTRATOR = {
  name: 'Administrator',
  email: 'administrator@example.org',
  password: 'correct horse battery',
}

/** Whom the product's OpenID Connect provider knows. */
export const STUDENT = {
  login: 'sam',
  claims: { name: 'Sam Student', email: 'sam@university.example.org', email_verified: true },
}

export interface Product {
  /** The pages’ origin. */
  origin: string
  /** The file that server, worker and pages write to. */
  log: string
  /** The process of the pages. */
  pagesPid: number
}

/** Playwright runs tests in processes that inherit the environment of the one that started the product. */
export function announceProduct({ origin, log, pagesPid }: Product): void {
  process.env.JOURNEYS_ORIGIN = origin
  process.env.JOURNEYS_PRODUCT_LOG = log
  process.env.JOURNEYS_PAGES_PID = String(pagesPid)
}

export function productFromEnvironment(): Product {
  const { JOURNEYS_ORIGIN: origin, JOURNEYS_PRODUCT_LOG: log, JOURNEYS_PAGES_PID: pid } = process.env
  if (!origin || !log || !pid)
    throw new Error('No product was started: run the journeys by `npm run test:journeys`.')
  return { origin, log, pagesPid: Number(pid) }
}

/** Server, worker and pages as processes of their own, with a database and a folder of their own. */
export async function startProduct(log: string): Promise<Product & { stop(): Promise<void> }> {
  const api = await findFreePort(4100)
  const web = await findFreePort(3100)
  const home = await mkdtemp(path.join(tmpdir(), 'studyhall-journey-'))
  const testDatabase = await createTestDatabase()
  const origin = `http://localhost:${web}`
  const oidc = await startOidcServer(`${origin}/api/auth/callback/oidc`)
  oidc.people.set(STUDENT.login, STUDENT.claims)
  const env = {
    // All who walk come from one address, more of them a minute than people do.
    AUTH_ATTEMPTS_PER_MINUTE: '1000',
    AUTH_SIGN_UPS_PER_HOUR: '1000',
    ...makeEnvironment({ api, web }),
    DATABASE_URL: testDatabase.url,
    STUDYHALL_HOME: home,
    STUDYHALL_STORAGE: path.join(home, 'storage'),
    PUBLIC_ORIGIN: origin,
    OIDC_ISSUER: oidc.issuer,
    OIDC_CLIENT_ID: CLIENT.id,
    OIDC_CLIENT_SECRET: CLIENT.secret,
    OIDC_LABEL: 'Test University',
    WEBHOOK_PRIVATE_HOSTS: 'localhost',
  }
  const children = await startPrograms(env, log)
  const stop = async () => {
    await Promise.all(children.map(endProcess))
    await oidc.stop()
    await testDatabase.drop()
    await rm(home, { recursive: true, force: true })
  }
  const addresses = [`http://127.0.0.1:${api}/healthz`, `http://127.0.0.1:${web}/`]
  for (let tries = 0; !(await allAnswer(addresses)); tries++) {
    if (tries === 240) {
      await stop()
      throw new Error(`The product did not come up. It said:\n${await readFile(log, 'utf8')}`)
    }
    await sleep(250)
  }
  await signUpAdministrator(origin)
  return { origin, log, pagesPid: children.at(-1)?.pid ?? 0, stop }
}

async function signUpAdministrator(origin: string): Promise<void> {
  const answer = await fetch(`${origin}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify(ADMINISTRATOR),
  })
  if (!answer.ok) throw new Error(`The administrator could not sign up: ${await answer.text()}`)
}

/** The pages are the last of them. */
async function startPrograms(env: NodeJS.ProcessEnv, log: string): Promise<ChildProcess[]> {
  const programs = [programArguments('server'), programArguments('worker'), programArguments('web')]
  await mkdir(path.dirname(log), { recursive: true })
  const file = await open(log, 'a')
  const children = programs.map((args) =>
    spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', file.fd, file.fd] }),
  )
  await file.close()
  return children
}

async function allAnswer(addresses: string[]): Promise<boolean> {
  return (await Promise.all(addresses.map((address) => answers(address)))).every(Boolean)
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const lastResort = setTimeout(() => child.kill('SIGKILL'), 15_000)
  await ended
  clearTimeout(lastResort)
}

/** The most memory that a process has had so far, as Linux counts it. */
export async function peakBytes(pid: number): Promise<number> {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kibibytes) * 1024
}

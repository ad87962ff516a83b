/** What the benches need: a database of their own, a server, people, a team and its runs. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { newId } from '../../../contract/ids.ts'
import type { PackedDataset } from '../../../contract/packed/manifest.ts'
import { resolveRecipe } from '../../../contract/recipes/recipe-presets.ts'
import { type Database, openDatabase } from '../../../prisma/client.ts'
import { migrate } from '../../../prisma/migrate.mjs'
import { claimNextRun, enterPhase, queueRun } from '../../../runs/transitions/index.ts'
import { databaseUrl } from '../../setup/postgres/database-url.mjs'
import { programArguments } from '../../start/program.ts'

export interface Person {
  cookie: string
  userId: string
  teamId: string
}

export interface Scene {
  databaseUrl: string
  database: Database
  folder: string
  apiUrl: string
  metricsUrl: string
  signUp(name: string): Promise<Person>
  close(): Promise<void>
}

const HASH = 'a'.repeat(64)
const SPLIT = {
  count: 300,
  shards: [{ sha256: HASH, count: 300 }],
  labelsSha256: HASH,
  classCounts: [150, 150],
}
const MANIFEST: PackedDataset = {
  format: 'studyhall-packed-1',
  kind: 'CLASSIFICATION',
  height: 28,
  width: 28,
  channels: 1,
  classes: ['cat', 'dog'],
  splits: { train: SPLIT, test: SPLIT },
  channelMeans: [0.5],
  channelDeviations: [0.25],
}

const REPORT = {
  pictures: 600,
  ignored: [],
  ignoredCount: 0,
  leftOut: [],
  leftOutCount: 0,
  sizes: [],
  resizedCount: 0,
  notes: [],
}

const CLAIMANT = { workerName: 'bench:1', device: 'CPU', labels: [], engineBuild: 'bench' } as const

/**
 * A fresh database on the running PostgreSQL, and a server on it: a process of its own, as in daily use.
 * @param origin  where browsers would reach the pages
 */
export async function openScene(origin = 'http://localhost:3000'): Promise<Scene> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-live-'))
  const name = `bench_${randomBytes(6).toString('hex')}`
  await asAdmin(`CREATE DATABASE ${name}`)
  const url = urlOf(name)
  await migrate(url)
  const database = openDatabase(url, 4)
  const [api, metrics] = [await findFreePort(), await findFreePort()]
  const server = startServer({ url, folder, origin }, api, metrics)
  const apiUrl = `http://127.0.0.1:${api}`
  const close = async () => {
    server.kill('SIGKILL')
    await database.$disconnect()
    await asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await waitForServer(apiUrl, server)
  } catch (error) {
    await close()
    throw error
  }
  const metricsUrl = `http://127.0.0.1:${metrics}/metrics`
  return {
    databaseUrl: url,
    database,
    folder,
    apiUrl,
    metricsUrl,
    signUp: (who) => signUp(apiUrl, origin, who),
    close,
  }
}

/** A cohort of students and a READY dataset version, whose blobs nobody has: nothing of it can be trained. */
export async function addCohortAndVersion(database: Database, { teamId, userId }: Person, students = 5) {
  const [cohortId, datasetId, datasetVersionId, uploadId] = [
    newId('Cohort'),
    newId('Dataset'),
    newId('DatasetVersion'),
    newId('Upload'),
  ]
  const upload = { id: uploadId, teamId, createdById: userId, fileName: 'pictures.zip', byteLength: 1000n }
  await database.upload.create({
    data: { ...upload, status: 'FINALIZED', sha256: HASH, finalizedAt: new Date() },
  })
  await database.dataset.create({ data: { id: datasetId, teamId, name: datasetId } })
  const ready = { status: 'READY', manifest: MANIFEST, report: REPORT, readyAt: new Date() } as const
  await database.datasetVersion.create({
    data: { id: datasetVersionId, teamId, datasetId, uploadId, number: 1, ...ready },
  })
  const made = Array.from({ length: students }, (_, position) => ({
    id: newId('Student'),
    name: `student-${position + 1}`,
    position,
    architecture: 'resnet-8',
  }))
  const teaching = { method: 'MUTUAL', updateRule: 'SEQUENTIAL', temperature: 1, weight: 1 } as const
  await database.cohort.create({
    data: { id: cohortId, teamId, name: cohortId, ...teaching, students: { create: made } },
  })
  return { cohortId, datasetVersionId }
}

/** A run that a worker holds, RUNNING. @returns its lease */
export async function addHeldRun(
  database: Database,
  { teamId, userId }: Person,
  parts: { cohortId: string; datasetVersionId: string },
) {
  const { lastRunNumber: number } = await database.team.update({
    where: { id: teamId },
    data: { lastRunNumber: { increment: 1 }, maxRunningRuns: 1000 },
  })
  const recipe = resolveRecipe('quick')
  const order = { teamId, number, createdById: userId, preset: 'quick', recipe, seed: 1, ...parts }
  await database.$transaction((tx) => queueRun(tx, order))
  const lease = await claimNextRun(database, CLAIMANT)
  if (!lease) throw new Error('the run that was just queued is nobody’s turn')
  await enterPhase(database, lease, 'TRAINING')
  return { ...lease, number }
}

function startServer(
  { url, folder, origin }: { url: string; folder: string; origin: string },
  port: number,
  metricsPort: number,
): ChildProcess {
  return spawn(process.execPath, programArguments('server'), {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: url,
      PUBLIC_ORIGIN: origin,
      STUDYHALL_HOME: folder,
      API_PORT: String(port),
      API_METRICS_PORT: String(metricsPort),
      AUTH_SECRET: randomBytes(32).toString('hex'),
      AUTH_ATTEMPTS_PER_MINUTE: '10000',
      AUTH_SIGN_UPS_PER_HOUR: '10000',
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
}

async function waitForServer(apiUrl: string, server: ChildProcess): Promise<void> {
  for (let i = 0; i < 600 && server.exitCode === null; i++) {
    if ((await fetch(`${apiUrl}/readyz`).catch(() => null))?.ok) return
    await sleep(100)
  }
  throw new Error('the server did not come up')
}

async function signUp(apiUrl: string, origin: string, name: string): Promise<Person> {
  const email = `${name}-${randomBytes(4).toString('hex')}@example.org`
  const response = await fetch(`${apiUrl}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ name, email, password: randomBytes(12).toString('hex') }),
  })
  if (!response.ok) throw new Error(`sign-up answered ${response.status}: ${await response.text()}`)
  const { user } = (await response.json()) as { user: { id: string } }
  const cookie = response.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  const { viewer } = await ask<{ viewer: { teams: { id: string }[] } }>(
    apiUrl,
    cookie,
    '{ viewer { teams { id } } }',
  )
  return { cookie, userId: user.id, teamId: viewer.teams[0]!.id }
}

/** An operation's data; throws where there are errors. */
export async function ask<Data>(
  apiUrl: string,
  cookie: string,
  query: string,
  variables: object = {},
): Promise<Data> {
  const response = await fetch(`${apiUrl}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown }
  if (errors) throw new Error(JSON.stringify(errors))
  return data
}

function urlOf(name: string): string {
  const url = new URL(databaseUrl())
  url.pathname = `/${name}`
  return url.toString()
}

async function asAdmin(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf('postgres') })
  await client.connect()
  await client.query(sql).finally(() => client.end())
}

export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

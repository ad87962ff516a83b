import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { migrate } from '../../prisma/migrate.mjs'
import { embeddedDatabaseUrl } from '../../scripts/setup/postgres/database-url.mjs'
import { startPostgres, stopPostgres } from '../../scripts/setup/postgres/postgres-server.mjs'
import { OPEN_SIGN_IN } from '../../server/access/sign-in/settings.ts'
import { type RunningServer, startServer } from '../../server/start-server.ts'
import { authenticate, cookieOf } from '../server/test-server.ts'
import { waitUntil } from '../workers/wait-until.ts'
import { expectWhole } from './expect-whole.ts'
import { type Outcome, Scene } from './scene.ts'
import { isFull, tally, tellTally } from './tally.ts'

/** A server of its own: the one of the other tests must not be stopped. */
let folder: string
let scene: Scene
let server: RunningServer
let reference: Outcome
let cookie: string
tellTally()

const ORIGIN = 'http://localhost:3000'
const AWAY_SECONDS = isFull ? 30 : 3

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'faults-postgres-'))
  await startPostgres({ folder })
  const databaseUrl = embeddedDatabaseUrl({ folder })
  await migrate(databaseUrl)
  scene = await Scene.open({ databaseUrl, epochs: isFull ? 300 : 100 })
  server = await startServer({
    production: false,
    showsSchema: true,
    databaseUrl,
    storage: { kind: 'disk', folder: path.join(scene.home, 'storage') },
    host: '127.0.0.1',
    port: 0,
    publicOrigin: ORIGIN,
    authSecret: 'x'.repeat(40),
    authLimits: { attemptsPerMinute: 1000, signUpsPerHour: 1000 },
    auditKeepDays: 400,
    signIn: OPEN_SIGN_IN,
    costPerMinute: 1_000_000,
    unreadSockets: { lookEveryMs: 5_000, unreadMs: 20_000 },
    webhooks: { privateHosts: [], timeoutMs: 5_000 },
    logLevel: 'silent',
  })
  const account = { name: 'Ada', email: 'ada@example.org', password: 'correct horse battery' }
  cookie = cookieOf(await authenticate(server.url, ORIGIN, 'sign-up/email', account))
  reference = await scene.readReference()
}, 240_000)
afterAll(async () => {
  await scene?.workers.endAll()
  await server?.close()
  await scene?.close()
  await stopPostgres({ folder })
  await rm(folder, { recursive: true, force: true })
})

it(
  `a database that is away for ${AWAY_SECONDS} s costs no point and no attempt, and the API says 503 meanwhile`,
  () =>
    tally(`PostgreSQL restarted, away for ${AWAY_SECONDS} s`, async () => {
      scene.workers.keep(1)
      const runId = await scene.createRun()
      await scene.waitForStep(runId, 50)
      await stopPostgres({ folder })
      await sleep(1_000)
      expect(await statusOfApi()).toBe(503)
      await sleep((AWAY_SECONDS - 1) * 1000)
      await startPostgres({ folder })
      await waitUntil('the API has recovered', async () => (await statusOfApi()) === 200)
      await waitUntil(
        'the run has succeeded',
        async () => (await scene.runOf(runId).catch(() => null))?.status === 'SUCCEEDED',
        180_000,
      )
      const attempts = await scene.database.runAttempt.findMany({ where: { runId } })
      expect(attempts).toHaveLength(1)
      await expectWhole(scene, runId, reference)
    }),
  360_000,
)

/** It waits for the database as long as it may. */
const UNHURRIED = isFull ? ['SIGTERM'] : []

it.each(UNHURRIED)(
  'a worker ends within 30 s of %s, even while the database is away',
  () =>
    tally('SIGTERM of the worker while PostgreSQL is away', async () => {
      const [worker] = scene.workers.keep(1)
      const runId = await scene.createRun()
      await scene.waitForStep(runId, 20)
      await stopPostgres({ folder })
      const endingAt = performance.now()
      await scene.workers.end(worker!, 'SIGTERM')
      console.info(`ended ${Math.round((performance.now() - endingAt) / 1000)} s after SIGTERM`)
      expect(performance.now() - endingAt).toBeLessThan(30_000)
      await startPostgres({ folder })
      scene.workers.keep(1)
      await scene.hastenLoss(runId)
      await scene.hastenRetry(runId)
      await scene.waitForSuccess(runId)
      await expectWhole(scene, runId, reference)
    }),
  360_000,
)

/** Of a question that only the database can answer. */
async function statusOfApi(): Promise<number> {
  const { status } = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ query: '{ viewer { teams { id } } }' }),
  })
  return status
}

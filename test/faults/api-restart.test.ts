import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { recordRunEvent } from '../../runs/events.ts'
import { programArguments } from '../../scripts/start/program.ts'
import { findFreePorts } from '../free-ports.ts'
import { insertCohort, insertRun, insertVersion } from '../server/rows.ts'
import { Api, type Person, startTestServer, type TestServer } from '../server/test-server.ts'
import { isFull, tally, tellTally } from './tally.ts'

tellTally()

const SOCKETS = isFull ? 500 : 50
const SOCKETS_A_PERSON = 50
/** So that all sockets together are told 5,000 events a second at most. */
const EVENT_EVERY_MS = isFull ? 100 : 20
const SUBSCRIPTION = `subscription ($runId: ID!, $afterSeq: Int) { runEvents(runId: $runId, afterSeq: $afterSeq) {
  seq ... on MetricsRecorded { series { steps values } } } }`

/** Brings the database and the people, and is not asked for events. */
let home: TestServer
let people: Person[]
let folder: string
let port: number
let api: ChildProcess | undefined

beforeAll(async () => {
  home = await startTestServer()
  people = []
  for (let i = 0; i < SOCKETS / SOCKETS_A_PERSON; i++) people.push(await home.signUp(`Reader ${i}`))
  for (const { userId } of people.slice(1))
    await home.database.member.create({
      data: { id: `mem_${userId}`, teamId: people[0]!.teamId, userId, role: 'VIEWER' },
    })
  folder = await mkdtemp(path.join(tmpdir(), 'api-restart-'))
  ;[port] = (await findFreePorts(1)) as [number]
}, 180_000)
afterAll(async () => {
  await stopApi('SIGKILL')
  await home?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** The server as it is started for daily use, unless it runs: a process of its own, on the same port every time. */
async function startApi(): Promise<void> {
  if (api && isRunning(api)) return
  api = spawn(process.execPath, programArguments('server'), {
    env: {
      ...process.env,
      DATABASE_URL: home.databaseUrl,
      STUDYHALL_HOME: folder,
      API_PORT: String(port),
      AUTH_SECRET: home.config.authSecret,
      PUBLIC_ORIGIN: home.config.publicOrigin,
      LOG_LEVEL: 'silent',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  while (!(await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null))?.ok) {
    if (api.exitCode !== null) throw new Error('the API did not come up')
    await sleep(50)
  }
}

async function stopApi(signal: NodeJS.Signals): Promise<void> {
  if (!api || !isRunning(api)) return
  const exited = once(api, 'exit')
  api.kill(signal)
  await exited
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null
}

interface Followed {
  seqs: number[]
  steps: number[]
  /** How often the stream broke off. */
  breaks: number
}

/** Follows a run to its end as the pages do: after a break it goes on behind the last number that it has seen. */
async function follow(person: Person, runId: string, followed: Followed): Promise<Followed> {
  const reader = new Api(`http://127.0.0.1:${port}`, person.api.headers)
  for (;;) {
    try {
      const afterSeq = followed.seqs.at(-1) ?? 0
      for await (const { data } of reader.listen(SUBSCRIPTION, { runId, afterSeq })) {
        followed.seqs.push(data.runEvents.seq)
        for (const { steps } of data.runEvents.series ?? []) followed.steps.push(...steps)
      }
      return followed
    } catch {
      followed.breaks++
      await sleep(50 + 200 * Math.random())
    }
  }
}

/** A METRICS event with one point, again and again, until the returned function ends the run. */
function keepRecording(runId: string): () => Promise<number> {
  let count = 0
  let isOver = false
  const recording = (async () => {
    while (!isOver) {
      const step = ++count
      const progress = { step, steps: 9_999, epoch: 1, epochs: 1, imagesPerSecond: 1, remainingSeconds: null }
      const loss = { student: 0, name: 'loss' as const, steps: [step], values: [1] }
      await home.database.$transaction((tx) =>
        recordRunEvent(tx, runId, null, { kind: 'METRICS', ...progress }, [loss]),
      )
      await sleep(EVENT_EVERY_MS)
    }
    // In one transaction, as everything that ends a run does it.
    await home.database.$transaction(async (tx) => {
      await tx.run.update({ where: { id: runId }, data: { status: 'CANCELED', finishedAt: new Date() } })
      const payload = { kind: 'STATUS', status: 'CANCELED', phase: null, attempt: 1, failure: null } as const
      await recordRunEvent(tx, runId, null, payload)
    })
  })()
  return async () => {
    isOver = true
    await recording
    return count
  }
}

it.each(['SIGKILL', 'SIGTERM'] as const)(
  `the API ended by %s and started again: each of ${SOCKETS} sockets goes on without a gap and without repetition`,
  async (signal) => {
    const owner = people[0]!
    const parts = {
      ...(await insertCohort(home.database, owner)),
      ...(await insertVersion(home.database, owner)),
    }
    const runId = await insertRun(home.database, owner, parts)
    await startApi()
    const finish = keepRecording(runId)
    const states = Array.from({ length: SOCKETS }, (): Followed => ({ seqs: [], steps: [], breaks: 0 }))
    const followers = states.map((state, i) => follow(people[i % people.length]!, runId, state))
    await tally(
      `API ended by ${signal} with sockets listening`,
      async () => {
        await expect.poll(() => states.every(({ seqs }) => seqs.length > 5), { timeout: 120_000 }).toBe(true)
        await stopApi(signal)
        await sleep(500)
        await startApi()
        const seen = states.map(({ seqs }) => seqs.length)
        await expect
          .poll(() => states.every(({ seqs }, i) => seqs.length > seen[i]!), { timeout: 120_000 })
          .toBe(true)
        const count = await finish()
        const whole = Array.from({ length: count + 1 }, (_, i) => i + 1)
        for (const { seqs, steps, breaks } of await Promise.all(followers)) {
          expect(seqs).toEqual(whole)
          expect(steps).toEqual(whole.slice(0, -1))
          expect(breaks).toBeGreaterThan(0)
        }
      },
      SOCKETS,
    )
  },
  360_000,
)

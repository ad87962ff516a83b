import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import type { RunEventPayload } from '../../../contract/runs/run-events.ts'
import { recordMetrics, recordRunEvent } from '../../../runs/events.ts'
import { insertCohort, insertRun, insertVersion, moveRun } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
let parts: { cohortId: string; versionId: string }

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  parts = { ...(await insertCohort(server.database, ada)), ...(await insertVersion(server.database, ada)) }
})
afterAll(() => server.stop())

const newRun = () => insertRun(server.database, ada, parts)

function record(runId: string, payload: RunEventPayload, series: Parameters<typeof recordRunEvent>[4] = []) {
  return server.database.$transaction((tx) => recordRunEvent(tx, runId, null, payload, series))
}

const log = (message: string) => ({ kind: 'LOG', level: 'INFO', message }) as const

async function recordLogs(runId: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await record(runId, log(`line ${i}`))
}

async function end(runId: string): Promise<void> {
  await server.database.$transaction(async (tx) => {
    await tx.run.update({ where: { id: runId }, data: { status: 'CANCELED', finishedAt: new Date() } })
    const payload = { kind: 'STATUS', status: 'CANCELED', phase: null, attempt: 1, failure: null } as const
    await recordRunEvent(tx, runId, null, payload)
  })
}

const QUERY = `subscription ($runId: ID!, $afterSeq: Int) { runEvents(runId: $runId, afterSeq: $afterSeq) {
  __typename seq } }`

/** Sequence numbers until the subscription completes. */
async function follow(runId: string, afterSeq = 0, person = ada): Promise<number[]> {
  const seqs: number[] = []
  for await (const { data, errors } of person.api.listen(QUERY, { runId, afterSeq })) {
    if (errors) throw new Error(errors[0]!.message)
    seqs.push(data.runEvents.seq)
  }
  return seqs
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

describe('runEvents', () => {
  it('replays what was and goes on with what comes, for many at once, while somebody writes', async () => {
    const runId = await newRun()
    await recordLogs(runId, 50)
    const early = [0, 0, 25, 50].map((afterSeq) => follow(runId, afterSeq))
    const writing = Promise.all([recordLogs(runId, 100), recordLogs(runId, 100)])
    const late: Promise<number[]>[] = []
    for (let i = 0; i < 8; i++) {
      await new Promise((resolve) => setTimeout(resolve, 40))
      late.push(follow(runId, i * 6))
    }
    await writing
    await end(runId)
    const last = 50 + 200 + 1
    expect(await Promise.all(early)).toEqual([0, 0, 25, 50].map((afterSeq) => range(afterSeq + 1, last)))
    expect(await Promise.all(late)).toEqual(late.map((_, i) => range(i * 6 + 1, last)))
  })

  it('goes on from where a reader left off', async () => {
    const runId = await newRun()
    await recordLogs(runId, 10)
    const seen: number[] = []
    for await (const { data } of ada.api.listen(QUERY, { runId, afterSeq: 0 })) {
      seen.push(data.runEvents.seq)
      if (seen.length === 4) break
    }
    await recordLogs(runId, 10)
    await end(runId)
    expect([...seen, ...(await follow(runId, seen.at(-1)))]).toEqual(range(1, 21))
  })

  it('loses nothing while the listening connection is cut', async () => {
    const runId = await newRun()
    const followed = follow(runId)
    await recordLogs(runId, 10)
    const cut = await server.database.$queryRaw<{ done: boolean }[]>`
      SELECT pg_terminate_backend(pid) AS done FROM pg_stat_activity
      WHERE application_name = 'studyhall-listen' AND datname = current_database()`
    expect(cut).toEqual([{ done: true }])
    // Written while nobody listens: no notification of these arrives.
    await recordLogs(runId, 10)
    await end(runId)
    expect(await followed).toEqual(range(1, 21))
  })

  it('completes at once for a run that has ended, whatever was seen of it', async () => {
    const runId = await newRun()
    await recordLogs(runId, 3)
    await end(runId)
    expect(await follow(runId)).toEqual([1, 2, 3, 4])
    expect(await follow(runId, 4)).toEqual([])
  })

  it('reads each row once, however many follow', async () => {
    const runId = await newRun()
    const followers = Array.from({ length: 20 }, () => follow(runId))
    await new Promise((resolve) => setTimeout(resolve, 500))
    const before = await readsOfEvents()
    for (let i = 0; i < 20; i++) {
      await recordLogs(runId, 1)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await new Promise((resolve) => setTimeout(resolve, 1500))
    // 20 reads are enough, and each for itself would make 400. PostgreSQL may count those of the beginning late.
    expect((await readsOfEvents()) - before).toBeLessThan(100)
    await end(runId)
    const all = Array.from({ length: 21 }, (_, i) => i + 1)
    expect(await Promise.all(followers)).toEqual(followers.map(() => all))
  })

  /** How often rows of run events were looked for so far. */
  async function readsOfEvents(): Promise<number> {
    const client = new pg.Client({ connectionString: server.databaseUrl })
    await client.connect()
    const { rows } = await client.query(
      `SELECT coalesce(sum(idx_scan + seq_scan), 0) AS reads FROM pg_stat_user_tables WHERE relname = 'RunEvent'`,
    )
    await client.end()
    return Number(rows[0].reads)
  }

  it.each([-1, 1000])('refuses afterSeq %i', async (afterSeq) => {
    await expect(follow(await newRun(), afterSeq)).rejects.toThrow(/afterSeq is/)
  })

  it('brings every kind of event with its own fields', async () => {
    const runId = await newRun()
    await record(runId, { kind: 'STATUS', status: 'RUNNING', phase: 'TRAINING', attempt: 1, failure: null })
    const progress = { step: 5, steps: 10, epoch: 1, epochs: 2, imagesPerSecond: 99.5, remainingSeconds: 3 }
    await record(runId, { kind: 'METRICS', ...progress }, [
      { student: 0, name: 'loss', steps: [4, 5], values: [0.75, 0.5] },
      { student: null, name: 'learningRate', steps: [5], values: [0.1] },
    ])
    await record(runId, log('a line'))
    await end(runId)
    const query = `subscription ($runId: ID!) { runEvents(runId: $runId) { seq at __typename
      ... on RunStatusChanged { status phase attempt failure { code message } pauseReason }
      ... on MetricsRecorded { progress { step steps epoch epochs imagesPerSecond remainingSeconds }
        series { student name steps values } }
      ... on LogWritten { level message } } }`
    const events = []
    for await (const { data } of ada.api.listen(query, { runId })) events.push(data.runEvents)
    expect(events).toMatchObject([
      // Recorded as before 0.2, without the reason of a pause.
      {
        __typename: 'RunStatusChanged',
        ...{ status: 'RUNNING', phase: 'TRAINING', attempt: 1, failure: null, pauseReason: null },
      },
      {
        __typename: 'MetricsRecorded',
        progress,
        series: [
          { student: null, name: 'learningRate', steps: [5], values: [0.1] },
          { student: 0, name: 'loss', steps: [4, 5], values: [0.75, 0.5] },
        ],
      },
      { __typename: 'LogWritten', level: 'INFO', message: 'a line' },
      { __typename: 'RunStatusChanged', status: 'CANCELED' },
    ])
  })
})

describe('a member who is removed', () => {
  it('loses the stream within 5 s, and sees nothing that comes later', async () => {
    const bob = await server.signUp('Bob')
    const member = { id: newId('Member'), teamId: ada.teamId, userId: bob.userId, role: 'MEMBER' } as const
    await server.database.member.create({ data: member })
    const runId = await newRun()
    await recordLogs(runId, 1)
    const events = bob.api.listen(QUERY, { runId })
    expect((await events.next()).value.data.runEvents.seq).toBe(1)
    const next = events.next()
    await server.database.member.delete({ where: { id: member.id } })
    const removedAt = Date.now()
    await expect(next).rejects.toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    expect(Date.now() - removedAt).toBeLessThan(5_000)
    await expect(follow(runId, 0, bob)).rejects.toThrow(/no such run/)
  })
})

describe('teamRuns', () => {
  it('tells of a run that starts and of every change of its state, and not of its metrics', async () => {
    const query = 'subscription ($teamId: ID!) { teamRuns(teamId: $teamId) { id status } }'
    const runs = ada.api.listen(query, { teamId: ada.teamId })
    const first = runs.next()
    await new Promise((resolve) => setTimeout(resolve, 300))
    const input = { cohortId: parts.cohortId, datasetVersionId: parts.versionId }
    const { run } = await ada.api.mutate('startRun', input, 'run { id }')
    expect((await first).value.data.teamRuns).toEqual({ id: run.id, status: 'QUEUED' })
    const second = runs.next()
    await recordLogs(run.id, 3)
    await moveRun(server.database, run.id, ['STARTING'])
    await record(run.id, { kind: 'STATUS', status: 'STARTING', phase: 'LOADING', attempt: 1, failure: null })
    expect((await second).value.data.teamRuns).toEqual({ id: run.id, status: 'STARTING' })
    await runs.return(undefined)
  })

  const PROGRESS = `subscription ($teamId: ID!) { teamRuns(teamId: $teamId, includeProgress: true) {
    id status progress { step } students { lastLoss } } }`
  const status = (to: 'RUNNING' | 'CANCELED') =>
    ({ kind: 'STATUS', status: to, phase: null, attempt: 1, failure: null }) as const
  const measured = (step: number) => {
    const progress = { step, steps: 100, epoch: 1, epochs: 5, imagesPerSecond: 10, remainingSeconds: null }
    return { kind: 'METRICS' as const, ...progress }
  }

  it('tells whoever asks for it how far runs are, seldom, and what each of their states is', async () => {
    const bob = await server.signUp('Bob')
    const own = {
      ...(await insertCohort(server.database, bob)),
      ...(await insertVersion(server.database, bob)),
    }
    const runId = await insertRun(server.database, bob, own)
    await moveRun(server.database, runId, ['STARTING', 'RUNNING'])
    await record(runId, status('RUNNING'))
    const runs = bob.api.listen(PROGRESS, { teamId: bob.teamId })
    const next = async () => (await runs.next()).value.data.teamRuns
    expect(await next()).toMatchObject({ id: runId, status: 'RUNNING', progress: { step: 0 } })
    const { fence } = await server.database.run.findUniqueOrThrow({ where: { id: runId } })
    for (let step = 1; step <= 30; step++) {
      const series = [{ student: 0, name: 'loss' as const, steps: [step], values: [1 / step] }]
      expect(await recordMetrics(server.database, runId, fence, measured(step), series)).not.toBeNull()
    }
    const told = [await next()]
    while (told.at(-1).progress.step < 30) told.push(await next())
    expect(told.length).toBeLessThan(15)
    expect(told.at(-1)).toMatchObject({ status: 'RUNNING', students: [{ lastLoss: 1 / 30 }, {}] })
    await moveRun(server.database, runId, ['CANCELED'])
    await record(runId, status('CANCELED'))
    const last = [await next()]
    while (last.at(-1).status === 'RUNNING') last.push(await next())
    expect(last.at(-1)).toMatchObject({ id: runId, status: 'CANCELED' })
    expect(last.length).toBeLessThan(4)
    await runs.return(undefined)
  })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { readTeamEvent } from '../../../contract/notices/team-event-words.ts'
import { lockRun } from '../../../runs/locked-run.ts'
import { claimNextRun, releaseFailed, releaseStopped } from '../../../runs/transitions/index.ts'
import { readTurns } from '../../../runs/turns.ts'
import { lookOnce } from '../../../server/use-cases/runs/watch-quotas.ts'
import { insertFinishedRun } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

const HOUR_MS = 3_600_000

let server: TestServer
let administrator: Person
let ada: Person
let teamId: string
beforeAll(async () => {
  server = await startTestServer()
  administrator = await server.signUp('Administrator')
})
afterAll(() => server.stop())
beforeEach(async () => {
  // What earlier tests have left in the queue is nobody's turn.
  await server.database.team.updateMany({ data: { maxRunningRuns: 0 } })
  ada = await server.signUp('Ada')
  teamId = ada.teamId
})

const limit = (limits: object) =>
  administrator.api.mutate('setTeamQuota', { teamId, ...limits }, 'quotas { kind hard }')
const quotas = async () => {
  const query = 'query ($id: ID!) { node(id: $id) { ... on Team { quotas { kind used soft hard } } } }'
  const { node } = await ada.api.ask(query, { id: teamId })
  return Object.fromEntries(node.quotas.map(({ kind, ...quota }: { kind: string }) => [kind, quota]))
}

/** A run of the team that waits, and what a worker needs to claim it. */
async function queueRun() {
  const { cohortId, versionId } = await insertFinishedRun(server.database, server.storage, ada)
  const start = { cohortId, datasetVersionId: versionId }
  const { run, errors } = await ada.api.mutate('startRun', start, 'run { id }')
  expect(errors).toEqual([])
  return { runId: run.id as string, start }
}
async function hoursBy(by: string): Promise<{ day: string; id: string; name: string; hours: number }[]> {
  const query = `query ($id: ID!, $by: DeviceHoursBy!) { node(id: $id) { ... on Team {
    deviceHours(from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z", by: $by) { day id name hours } } } }`
  return (await ada.api.ask(query, { id: teamId, by })).node.deviceHours
}
const claimant = { workerName: 'host:1', device: 'CPU', labels: [], engineBuild: 'b' } as const
const startedAgo = (runId: string, hours: number) =>
  server.database.runAttempt.updateMany({
    where: { runId, endedAt: null },
    data: { startedAt: new Date(Date.now() - hours * HOUR_MS) },
  })

describe('limits', () => {
  it('are set by whoever administers the instance, and told with what they were before', async () => {
    expect((await limit({ storedBytesHard: 1000, storedBytesSoft: 500, runsAtOnce: 2 })).errors).toEqual([])
    expect(await quotas()).toMatchObject({
      STORED_BYTES: { used: 0, soft: 500, hard: 1000 },
      DEVICE_HOURS: { soft: null, hard: null },
      RUNS_AT_ONCE: { used: 0, hard: 2 },
    })
    await limit({ storedBytesHard: null })
    expect((await quotas()).STORED_BYTES).toMatchObject({ soft: 500, hard: null })
    const rows = await server.database.auditEvent.findMany({
      where: { teamId, action: 'quota.set' },
      orderBy: { id: 'asc' },
    })
    expect(rows.map(({ detail }) => detail)).toEqual([
      {
        storedBytesSoft: { from: null, to: 500 },
        storedBytesHard: { from: null, to: 1000 },
        runsAtOnce: { from: 8, to: 2 },
      },
      { storedBytesHard: { from: 1000, to: null } },
    ])
  })

  it('are not set by the team’s own owner, nor found by a stranger', async () => {
    const input = { teamId, runsAtOnce: 100 }
    expect((await ada.api.mutate('setTeamQuota', input)).errors).toMatchObject([{ code: 'FORBIDDEN' }])
    const { api } = await server.signUp('Stranger')
    expect((await api.mutate('setTeamQuota', input)).errors).toMatchObject([{ code: 'NOT_FOUND' }])
    const misplaced = await limit({ deviceHoursSoft: 5, deviceHoursHard: 4 })
    expect(misplaced.errors).toMatchObject([{ code: 'INVALID_INPUT', path: ['deviceHoursSoft'] }])
  })

  it('of stored bytes hold for 75 uploads that are begun at once', async () => {
    await limit({ storedBytesHard: 1000 })
    const begin = () => ada.api.mutate('createUpload', { teamId, fileName: 'a.zip', byteLength: 100 })
    const answers = await Promise.all(Array.from({ length: 75 }, begin))
    const refused = answers.flatMap(({ errors }) => errors)
    expect(answers.length - refused.length).toBe(10)
    expect(refused[0]).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: expect.stringMatching(/stores 0\.00 of 0\.00 GiB.*Whoever administers this instance/),
      path: ['byteLength'],
    })
    expect((await quotas()).STORED_BYTES.used).toBe(1000)
  })

  it('of stored bytes refuse a run once there is no room for its checkpoints', async () => {
    const { start } = await queueRun()
    await limit({ storedBytesHard: 10 })
    const { errors } = await ada.api.mutate('startRun', start)
    expect(errors).toMatchObject([{ code: 'LIMIT_EXCEEDED', message: expect.stringContaining('stores') }])
  })
})

describe('device hours', () => {
  it('that are used up pause what runs, refuse more by name, and let it be resumed after', async () => {
    const { runId, start } = await queueRun()
    const { database } = server
    const lease = await claimNextRun(database, claimant)
    expect(lease?.runId).toBe(runId)
    await startedAgo(runId, 3)
    await limit({ deviceHoursHard: 2.5, deviceHoursSoft: 1 })
    expect((await quotas()).DEVICE_HOURS.used).toBeCloseTo(3, 1)
    const { errors } = await ada.api.mutate('startRun', { ...start, seed: 2 })
    expect(errors).toMatchObject([
      { code: 'LIMIT_EXCEEDED', message: expect.stringMatching(/used 3\.0 of 2\.5 device hours/) },
    ])
    await lookOnce(server)
    expect(await database.run.findUnique({ where: { id: runId } })).toMatchObject({ status: 'PAUSING' })
    const told = await database.auditEvent.findFirst({ where: { subjectId: runId, action: 'run.pause' } })
    expect(told).toMatchObject({ actorKind: 'SYSTEM', detail: { limit: 2.5 } })
    // As its worker does, once the checkpoint is written.
    await database.$transaction(async (tx) => releaseStopped(tx, (await lockRun(tx, runId)) as never))
    const paused = { status: 'PAUSED', pauseReason: 'QUOTA' }
    expect(await database.run.findUnique({ where: { id: runId } })).toMatchObject(paused)
    const early = await ada.api.mutate('resumeRun', { runId })
    expect(early.errors).toMatchObject([{ code: 'LIMIT_EXCEEDED' }])

    await limit({ deviceHoursHard: 10 })
    await lookOnce(server)
    const { run } = await ada.api.mutate('resumeRun', { runId }, 'run { status }')
    expect(run).toEqual({ status: 'QUEUED' })
  })

  it('that are used up while a run does what a person asked change nothing about why it is paused', async () => {
    const { runId } = await queueRun()
    const { database } = server
    await claimNextRun(database, claimant)
    await ada.api.mutate('pauseRun', { runId })
    await startedAgo(runId, 3)
    await limit({ deviceHoursHard: 1 })
    await lookOnce(server)
    expect(await database.team.findUnique({ where: { id: teamId } })).toMatchObject({
      deviceHoursSpent: true,
    })
    await database.$transaction(async (tx) =>
      releaseFailed(tx, (await lockRun(tx, runId)) as never, { code: 'WORKER_LOST', message: 'gone' }),
    )
    const paused = { status: 'PAUSED', pauseReason: 'ASKED' }
    expect(await database.run.findUnique({ where: { id: runId } })).toMatchObject(paused)
  })

  it('of a run whose worker is gone count to the end of its lease, however late that is noticed', async () => {
    const { runId } = await queueRun()
    const { database } = server
    await claimNextRun(database, claimant)
    await startedAgo(runId, 60)
    const leaseUntil = new Date(Date.now() - 59 * HOUR_MS)
    await database.run.update({ where: { id: runId }, data: { leaseUntil } })
    await limit({ deviceHoursHard: 100 })
    // All of it lies in one month, or at its beginning: an hour at most.
    expect((await quotas()).DEVICE_HOURS.used).toBeLessThan(1.01)
    await database.$transaction(async (tx) =>
      releaseFailed(tx, (await lockRun(tx, runId)) as never, { code: 'WORKER_LOST', message: 'gone' }),
    )
    expect((await database.runAttempt.findFirst({ where: { runId } }))?.endedAt).toEqual(leaseUntil)
  })

  it('that are used up leave the queue as it is, which goes on when there are more', async () => {
    const { runId } = await queueRun()
    const { database } = server
    await limit({ deviceHoursHard: 0 })
    await lookOnce(server)
    expect(await claimNextRun(database, claimant)).toBeNull()
    await database.worker.deleteMany({})
    const worker = {
      id: newId('Run'),
      name: 'host:1',
      host: 'host',
      pid: 1,
      device: 'CPU',
      deviceName: 'cpu',
    } as const
    await database.worker.create({ data: { ...worker, capacity: 1, engineVersion: '1', engineBuild: 'b' } })
    expect((await readTurns(database, [runId])).get(runId)?.blockedBy).toEqual({ by: 'DEVICE_HOURS' })
    await limit({ deviceHoursHard: 1 })
    await lookOnce(server)
    expect((await claimNextRun(database, claimant))?.runId).toBe(runId)
  })

  it('are told by day, person and cohort, of deleted runs, too, and cannot be had back by deleting one', async () => {
    const { runId } = await queueRun()
    const { database } = server
    await claimNextRun(database, claimant)
    const from = new Date('2026-01-30T22:00:00Z')
    const at = { startedAt: from, endedAt: new Date('2026-01-31T03:00:00Z'), outcome: 'LOST' as const }
    await database.runAttempt.updateMany({ where: { runId }, data: at })
    await database.run.delete({ where: { id: runId } })
    expect(await hoursBy('PERSON')).toEqual([
      { day: '2026-01-30', id: ada.userId, name: 'Ada', hours: 2 },
      { day: '2026-01-31', id: ada.userId, name: 'Ada', hours: 3 },
    ])
    expect(await hoursBy('DEVICE')).toMatchObject([{ id: 'CPU', name: null }, { hours: 3 }])
  })

  it('of people of one name are told apart, and of the many with few hours together', async () => {
    const { database } = server
    const names = Array.from({ length: 60 }, (_, n) => ({
      id: newId('Run'),
      name: 'Kim',
      email: `kim-${n}@${teamId}.example.org`,
    }))
    await database.user.createMany({ data: names })
    const startedAt = new Date('2026-01-10T00:00:00Z')
    const endedAt = (n: number) => new Date(startedAt.getTime() + (n + 1) * 60_000)
    const row = { attempt: 1, teamId, cohortId: 'coh_x', startedAt }
    const data = names.map(({ id }, n) => ({ ...row, runId: `run_${id}`, userId: id, endedAt: endedAt(n) }))
    await database.deviceUse.createMany({ data })
    const rows = await hoursBy('PERSON')
    expect(rows).toHaveLength(51)
    expect(rows.filter(({ id, name }) => id !== 'OTHERS' && name === 'Kim')).toHaveLength(50)
    expect(rows.find(({ id }) => id === 'OTHERS')?.hours).toBeCloseTo(55 / 60, 9)
    expect(rows.reduce((sum, { hours }) => sum + hours, 0)).toBeCloseTo((60 * 61) / 2 / 60, 9)
    expect(await hoursBy('DEVICE')).toMatchObject([{ id: 'UNKNOWN' }])
  })

  it('past the soft limit are told the team’s admins once, however many servers look', async () => {
    await queueRun()
    await claimNextRun(server.database, claimant)
    await limit({ deviceHoursSoft: 0, deviceHoursHard: 100 })
    await Promise.all(Array.from({ length: 5 }, () => lookOnce(server)))
    const events = await server.database.teamEvent.findMany({ where: { teamId, kind: 'LIMIT_NEAR' } })
    expect(events.map((event) => readTeamEvent(event).words)).toEqual([
      {
        title: 'The team is near its limit of device hours',
        detail: expect.stringMatching(/more than the 0\.0 h .* At 100\.0 h more is refused\./),
        path: '/usage',
      },
    ])
  })
})

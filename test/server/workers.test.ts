import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Prisma } from '../../prisma/client.ts'
import { sampleOnce } from '../../server/use-cases/workers/sample-capacity.ts'
import { insertCohort, insertRun, insertVersion, moveRun } from './rows.ts'
import { type Person, startTestServer, type TestServer } from './test-server.ts'

let server: TestServer
let ada: Person
let bob: Person

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp('Ada')
  bob = await server.signUp('Bob')
})
afterEach(async () => {
  await server.database.worker.deleteMany()
  await server.database.workerDrain.deleteMany()
  await server.database.run.deleteMany()
  await server.database.team.updateMany({
    data: { maxRunningRuns: 8, maxQueuedRuns: 1000, lastServedAt: null },
  })
})
afterAll(() => server.stop())

async function addWorker(name: string, wish: Partial<Prisma.WorkerCreateInput> = {}): Promise<void> {
  const data = { id: randomUUID(), name, host: name.split(':')[0]!, pid: 1, device: 'CPU' as const }
  const device = { deviceName: 'A processor', capacity: 1, engineVersion: '2', engineBuild: 'build-1' }
  await server.database.worker.create({ data: { ...data, ...device, ...wish } })
  await server.database.$executeRaw`
    UPDATE "Worker" SET "heartbeatAt" = now() - interval '2 seconds' WHERE name = ${name}`
}

async function addRun(person: Person, workerName?: string): Promise<string> {
  const parts = {
    ...(await insertCohort(server.database, person)),
    ...(await insertVersion(server.database, person)),
  }
  const id = await insertRun(server.database, person, parts)
  if (workerName === undefined) return id
  await moveRun(server.database, id, ['STARTING', 'RUNNING'])
  await server.database.run.update({ where: { id }, data: { workerName } })
  return id
}

const WORKERS = `{ workers { name device deviceName deviceMemoryBytes capacity runsInHand silent draining labels
  heartbeatAgeSeconds runs { id team { name } } } }`
const reasonFor = async (id: string) =>
  (await ada.api.ask('query ($id: ID!) { node(id: $id) { ... on Run { waitingReason } } }', { id })).node
    .waitingReason

describe('workers', () => {
  it('are shown to members of any team, with their own runs and of others’ only how many', async () => {
    await addWorker('host-a:1', { capacity: 2 })
    const own = await addRun(ada, 'host-a:1')
    await addRun(bob, 'host-a:1')
    const { workers } = await ada.api.ask(WORKERS)
    expect(workers).toEqual([
      expect.objectContaining({
        name: 'host-a:1',
        deviceMemoryBytes: null,
        capacity: 2,
        runsInHand: 2,
        silent: false,
        runs: [{ id: own, team: { name: expect.stringContaining('Ada') } }],
      }),
    ])
    expect(workers[0].heartbeatAgeSeconds).toBeGreaterThanOrEqual(2)
    expect(workers[0].heartbeatAgeSeconds).toBeLessThan(60)
  })

  it('tell where they run, and which build, only members of teams that they have trained for', async () => {
    await addWorker('gpu-3.internal.example:4711')
    const ask = async (person: Person) =>
      (await person.api.ask('{ workers { name engineBuild } }')).workers[0]
    const stranger = await ask(bob)
    expect(stranger).toEqual({ name: expect.stringMatching(/^worker-[0-9a-f]{8}$/), engineBuild: null })
    expect(await ask(bob)).toEqual(stranger)
    const id = await addRun(ada, 'gpu-3.internal.example:4711')
    const known = { name: 'gpu-3.internal.example:4711', engineBuild: 'build-1' }
    expect([await ask(ada), await ask(bob)]).toEqual([known, stranger])
    // An attempt that is over is remembered.
    const attempt = { teamId: ada.teamId, runId: id, number: 1, workerName: known.name }
    await server.database.runAttempt.create({ data: attempt })
    await server.database.run.update({ where: { id }, data: { workerName: null } })
    expect(await ask(ada)).toEqual(known)
  })

  it('are drained and resumed by whoever administers the instance, which the log tells', async () => {
    await addWorker('host-a:1')
    const id = await addRun(ada)
    const change = async (person: Person, name: string, more: object = {}) =>
      person.api.mutate(name, { workerName: 'host-a:1', ...more }, 'worker { name drainedAt handsBack }')
    expect((await change(bob, 'drainWorker')).errors).toMatchObject([{ code: 'FORBIDDEN' }])
    const unknown = await ada.api.mutate('drainWorker', { workerName: 'host-z:1' })
    expect(unknown.errors).toMatchObject([{ code: 'NOT_FOUND', path: ['workerName'] }])
    const drained = (await change(ada, 'drainWorker', { handsBack: true })).worker
    expect(drained).toEqual({ name: 'host-a:1', drainedAt: expect.any(String), handsBack: true })
    const [told] = (await bob.api.ask('{ workers { drainedAt handsBack } }')).workers
    expect(told).toEqual({ drainedAt: drained.drainedAt, handsBack: true })
    expect(await reasonFor(id)).toContain('have been drained')
    expect((await change(ada, 'resumeWorker')).worker).toMatchObject({ drainedAt: null })
    expect(await reasonFor(id)).toBeNull()
    const rows = await server.database.auditEvent.findMany({
      where: { action: { startsWith: 'worker.' }, outcome: 'DONE' },
      orderBy: { id: 'asc' },
    })
    expect(rows).toMatchObject([
      {
        ...{ action: 'worker.drain', actorId: ada.userId, teamId: null },
        ...{ subjectType: 'Worker', subjectName: 'host-a:1', detail: { handsBack: true } },
      },
      { action: 'worker.resume', actorId: ada.userId, subjectName: 'host-a:1' },
    ])
  })

  it('are nobody’s to see who is not signed in', async () => {
    await addWorker('host-a:1')
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: WORKERS }),
    })
    expect(await response.json()).toMatchObject({ data: { workers: [] } })
  })

  it('are told to be silent after 30 seconds by the database’s clock', async () => {
    await addWorker('host-a:1')
    await server.database
      .$executeRaw`UPDATE "Worker" SET "heartbeatAt" = "heartbeatAt" - interval '29 seconds'`
    expect((await ada.api.ask(WORKERS)).workers[0].silent).toBe(true)
  })
})

describe('a run that waits', () => {
  it('tells what is missing where no worker can take it, and nothing where only its turn is to come', async () => {
    const id = await addRun(ada)
    expect(await reasonFor(id)).toContain('npm run worker')
    await addWorker('host-a:1')
    expect(await reasonFor(id)).toBeNull()
    await server.database.run.update({ where: { id }, data: { device: 'GPU' } })
    expect(await reasonFor(id)).toContain('asks for a GPU')
    await addWorker('host-b:1', { device: 'GPU', deviceMemoryBytes: 16n * 1024n ** 3n })
    expect(await reasonFor(id)).toBeNull()
    await server.database.run.update({ where: { id }, data: { label: 'night' } })
    expect(await reasonFor(id)).toContain('“night” and a GPU')
  })

  it('names the engine build whose checkpoint it has, where no worker is of it', async () => {
    const id = await addRun(ada)
    await addWorker('host-a:1', { engineBuild: 'build-2' })
    await server.database.run.update({ where: { id }, data: { engineBuild: 'build-1' } })
    expect(await reasonFor(id)).toBeNull()
    const checkpoint = {
      teamId: ada.teamId,
      runId: id,
      step: 1,
      epoch: 1,
      sha256: 'a'.repeat(64),
      byteLength: 1,
    }
    await server.database.checkpoint.create({ data: checkpoint })
    expect(await reasonFor(id)).toMatch(/engine build build-1, .* have build-2/)
  })

  it('tells that its team has as many in hand as it may', async () => {
    await addWorker('host-a:1')
    await server.database.team.update({ where: { id: ada.teamId }, data: { maxRunningRuns: 1 } })
    await addRun(ada, 'host-a:1')
    expect(await reasonFor(await addRun(ada))).toContain('hold 1 runs of the team')
  })

  it('tells when it is tried again, and is behind a run that a worker can take now, whosever turn it is', async () => {
    await addWorker('host-a:1')
    const [lost, other] = [await addRun(ada), await addRun(ada)]
    const retryAt = new Date(Date.now() + 45_000)
    await server.database.run.update({ where: { id: lost }, data: { retryAt } })
    expect(await reasonFor(lost)).toMatch(/is tried again in 4\d s/)
    const positions = `query ($lost: ID!, $other: ID!) { lost: node(id: $lost) { ... on Run { queuePosition } }
      other: node(id: $other) { ... on Run { queuePosition } } }`
    expect(await ada.api.ask(positions, { lost, other })).toEqual({
      lost: { queuePosition: 1 },
      other: { queuePosition: 0 },
    })
  })

  it('is so many turns away as other teams have theirs before it', async () => {
    const position = async (person: Person, id: string) =>
      (await person.api.ask('query ($id: ID!) { node(id: $id) { ... on Run { queuePosition } } }', { id }))
        .node.queuePosition
    const hers: string[] = []
    for (let i = 0; i < 4; i++) hers.push(await addRun(ada))
    const his = await addRun(bob)
    await server.database.team.update({ where: { id: ada.teamId }, data: { lastServedAt: new Date() } })
    expect(await position(bob, his)).toBe(0)
    expect(await Promise.all(hers.map((id) => position(ada, id)))).toEqual([1, 2, 3, 4])
  })

  it('may ask for a device and a label; a label that is none is refused', async () => {
    const { cohortId } = await insertCohort(server.database, ada)
    const { versionId: datasetVersionId } = await insertVersion(server.database, ada)
    const start = (wish: object) =>
      ada.api.mutate('startRun', { cohortId, datasetVersionId, ...wish }, 'run { device label }')
    expect(await start({ device: 'GPU', label: 'night' })).toEqual({
      run: { device: 'GPU', label: 'night' },
      errors: [],
    })
    expect((await start({ label: 'no good' })).errors[0]).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['label'],
    })
    await server.database.team.update({ where: { id: ada.teamId }, data: { maxQueuedRuns: 1 } })
    expect((await start({})).errors[0]).toMatchObject({ code: 'LIMIT_EXCEEDED' })
  })
})

describe('the capacity', () => {
  it('is counted once a minute by what became of each place, however many servers count', async () => {
    await addWorker('host-a:1', { capacity: 3 })
    await addWorker('host-b:1', { capacity: 2 })
    await addWorker('host-c:1', { capacity: 4, device: 'GPU' })
    await addRun(ada, 'host-a:1')
    await ada.api.mutate('drainWorker', { workerName: 'host-b:1' })
    await server.database.$executeRaw`
      UPDATE "Worker" SET "heartbeatAt" = now() - interval '31 seconds' WHERE name = 'host-c:1'`
    await server.database.capacitySample.deleteMany()
    await Promise.all([sampleOnce(server.database), sampleOnce(server.database)])
    const query = '{ capacity(hours: 1) { device busy idle drained away } }'
    expect((await bob.api.ask(query)).capacity).toEqual([
      { device: 'CPU', busy: 1, idle: 2, drained: 2, away: 0 },
      { device: 'GPU', busy: 0, idle: 0, drained: 0, away: 4 },
    ])
    const old = { at: new Date(Date.now() - 32 * 86_400_000), device: 'CPU' as const }
    await server.database.capacitySample.create({ data: { ...old, busy: 1, idle: 0, drained: 0, away: 0 } })
    await sampleOnce(server.database)
    expect(await server.database.capacitySample.count({ where: { at: old.at } })).toBe(0)
    const refused = await bob.api.send('{ capacity(hours: 745) { at } }')
    expect(JSON.stringify(refused)).toContain('1 to 744')
  })
})

describe('the queue', () => {
  const QUEUE = '{ queue { team { name } teams waiting running longestWaitSeconds medianWaitSeconds } }'

  it('is told by team to its members, of others together, and of each to the administrator', async () => {
    await addWorker('host-a:1')
    await addRun(bob, 'host-a:1')
    const waiting = await addRun(bob)
    await addRun(ada)
    const createdAt = new Date(Date.now() - 600_000)
    await server.database.run.update({ where: { id: waiting }, data: { createdAt } })
    await server.database.runEvent.deleteMany({ where: { runId: waiting } })
    const [bobs, adas] = (await ada.api.ask(QUEUE)).queue
    expect([bobs, adas]).toMatchObject([
      { team: { name: 'Bob’s team' }, teams: 1, waiting: 1, running: 1 },
      { team: { name: 'Ada’s team' }, teams: 1, waiting: 1, running: 0, medianWaitSeconds: null },
    ])
    expect(bobs.longestWaitSeconds).toBeGreaterThanOrEqual(600)
    const [own, others] = (await bob.api.ask(QUEUE)).queue
    expect([own.team.name, others.team, others.teams, others.waiting]).toEqual(['Bob’s team', null, 1, 1])
  })
})

describe('what a run costs', () => {
  it('is its device hours by the price of each device, and hours alone where a price is missing', async () => {
    const id = await addRun(ada)
    const at = (hours: number) => new Date(Date.UTC(2026, 0, 1, hours))
    const attempt = { teamId: ada.teamId, runId: id, workerName: 'w', outcome: 'RETURNED' } as const
    await server.database.runAttempt.createMany({
      data: [
        { ...attempt, number: 1, device: 'CPU', startedAt: at(0), endedAt: at(2) },
        { ...attempt, number: 2, device: 'GPU', startedAt: at(2), endedAt: at(3) },
      ],
    })
    const cost = async () =>
      (
        await ada.api.ask(
          'query ($id: ID!) { node(id: $id) { ... on Run { cost { deviceHours amount currency } } } }',
          { id },
        )
      ).node.cost
    const set = (device: string, perHour: number | null, currency = 'EUR', by = ada) =>
      by.api.mutate(
        'setDevicePrice',
        { device, perHour, currency },
        'devicePrices { device perHour currency }',
      )
    expect((await set('CPU', 0.25)).devicePrices).toEqual([{ device: 'CPU', perHour: 0.25, currency: 'EUR' }])
    expect(await cost()).toEqual({ deviceHours: 3, amount: null, currency: null })
    await set('GPU', 2)
    expect(await cost()).toEqual({ deviceHours: 3, amount: 2.5, currency: 'EUR' })
    await set('GPU', 2, 'USD')
    expect(await cost()).toEqual({ deviceHours: 3, amount: null, currency: null })
    expect((await set('GPU', 1, 'euro')).errors).toMatchObject([{ path: ['currency'] }])
    expect((await set('GPU', 1, 'EUR', bob)).errors).toMatchObject([{ code: 'FORBIDDEN' }])
    expect((await set('GPU', null)).devicePrices).toHaveLength(1)
  })
})

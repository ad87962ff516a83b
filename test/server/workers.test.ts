import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { insertCohort, insertVersion } from './rows.ts'
import { type Person, startTestServer, type TestServer } from './test-server.ts'
import { workerRows } from './worker-rows.ts'

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
const { addWorker, addRun } = workerRows(() => server)

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

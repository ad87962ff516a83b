import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endOnce } from '../../../server/use-cases/runs/end-overspent.ts'
import { insertCohort, insertRun, insertVersion, moveRun } from '../rows.ts'
import { Api, type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
let order: { cohortId: string; datasetVersionId: string }
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  const { versionId } = await insertVersion(server.database, ada)
  const { cohortId } = await insertCohort(server.database, ada)
  order = { cohortId, datasetVersionId: versionId }
})
afterAll(() => server.stop())

async function keyWith(budget: object): Promise<Api> {
  const input = { teamId: ada.teamId, name: 'agent', ...budget }
  const { secret, errors } = await ada.api.mutate('createApiKey', input, 'secret')
  expect(errors).toEqual([])
  return new Api(server.url, { authorization: `Bearer ${secret}` })
}
const start = (api: Api, more: object = {}) =>
  api.mutate('startRun', { ...order, ...more }, 'run { id number }')
const budgetOf = async (api: Api) =>
  (await api.ask('{ viewer { budget { maxRuns runsStarted maxDeviceMinutes deviceMinutesUsed } } }')).viewer
    .budget

describe('a key that may start three runs', () => {
  it('starts three of ten that are asked for at once, and no clone, no seed more', async () => {
    const api = await keyWith({ maxRuns: 3 })
    const answers = await Promise.all(Array.from({ length: 10 }, () => start(api)))
    const started = answers.filter(({ errors }) => errors.length === 0)
    expect(started).toHaveLength(3)
    expect(answers.flatMap(({ errors }) => errors)[0]).toMatchObject({ code: 'LIMIT_EXCEEDED' })
    const runId = started[0].run.id
    expect((await api.mutate('cloneRun', { runId })).errors[0].code).toBe('LIMIT_EXCEEDED')
    expect(await budgetOf(api)).toMatchObject({ maxRuns: 3, runsStarted: 3 })
  })

  it('counts a repeated idempotency key once', async () => {
    const api = await keyWith({ maxRuns: 1 })
    const [first, second] = [
      await start(api, { idempotencyKey: 'k' }),
      await start(api, { idempotencyKey: 'k' }),
    ]
    expect(second).toEqual(first)
    expect((await budgetOf(api)).runsStarted).toBe(1)
  })

  it('gets no room by deleting, and continues no run of somebody else', async () => {
    const api = await keyWith({ maxRuns: 1 })
    const { run } = await start(api)
    await api.mutate('cancelRun', { runId: run.id })
    expect((await api.mutate('deleteRun', { runId: run.id })).errors[0]).toMatchObject({ code: 'FORBIDDEN' })
    const { cohortId, datasetVersionId: versionId } = order
    const others = await insertRun(server.database, ada, { cohortId, versionId })
    await moveRun(server.database, others, ['CANCELED'])
    expect((await api.mutate('retryRun', { runId: others })).errors[0]).toMatchObject({ code: 'FORBIDDEN' })
    expect((await api.mutate('retryRun', { runId: run.id })).errors).toEqual([])
  })
})

describe('a key whose runs may take ten minutes on devices', () => {
  it('starts nothing more once they have taken them, and what still trains is canceled', async () => {
    const api = await keyWith({ maxDeviceMinutes: 10 })
    const [{ run }, { run: waiting }] = [await start(api), await start(api)]
    await moveRun(server.database, run.id, ['STARTING', 'RUNNING'])
    const { apiKeyId } = await server.database.run.findUniqueOrThrow({ where: { id: run.id } })
    const attempt = { teamId: ada.teamId, runId: run.id, number: 1, workerName: 'w', apiKeyId }
    const startedAt = (minutes: number) => new Date(Date.now() - minutes * 60_000)
    await server.database.runAttempt.create({ data: { ...attempt, startedAt: startedAt(9) } })
    const services = { database: server.database, log: { info: () => {}, warn: () => {} } } as never
    expect(await endOnce(services)).toEqual([])
    await server.database.runAttempt.updateMany({
      where: { runId: run.id },
      data: { startedAt: startedAt(11.2) },
    })
    expect((await budgetOf(api)).deviceMinutesUsed).toBeCloseTo(11, 0)
    expect((await start(api)).errors[0]).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: expect.stringContaining('10 minutes on devices in all, and have taken 11'),
    })
    // The server itself may have been faster with one of them.
    await endOnce(services)
    const statuses = await server.database.run.findMany({ where: { id: { in: [run.id, waiting.id] } } })
    expect(statuses.map(({ status }) => status)).toEqual(['CANCELED', 'CANCELED'])
    expect((await api.mutate('retryRun', { runId: run.id })).errors[0].code).toBe('LIMIT_EXCEEDED')
    expect(
      await server.database.auditEvent.findMany({ where: { subjectId: run.id, action: 'run.cancel' } }),
    ).toMatchObject([
      { actorKind: 'SYSTEM', teamId: ada.teamId, detail: { key: 'agent', deviceMinutes: 11, limit: 10 } },
    ])

    // Whoever retries it answers for it from here on; what it has used is still the key's.
    expect((await ada.api.mutate('retryRun', { runId: run.id })).errors).toEqual([])
    expect(await endOnce(services)).toEqual([])
    expect(await server.database.run.findUnique({ where: { id: run.id } })).toMatchObject({
      status: 'QUEUED',
      apiKeyId: null,
    })
    expect((await budgetOf(api)).deviceMinutesUsed).toBeCloseTo(11, 0)
  })
})

it('a key without a budget has none, nor has a session', async () => {
  expect(await budgetOf(await keyWith({}))).toBeNull()
  expect(await budgetOf(ada.api)).toBeNull()
  const tooMany = await ada.api.mutate('createApiKey', { teamId: ada.teamId, name: 'x', maxRuns: 100_001 })
  expect(tooMany.errors[0]).toMatchObject({ code: 'INVALID_INPUT', path: ['maxRuns'] })
})

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sampleOnce } from '../../server/use-cases/workers/sample-capacity.ts'
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
})
afterAll(() => server.stop())
const { addWorker, addRun } = workerRows(() => server)

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

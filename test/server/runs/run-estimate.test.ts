import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { resolveRecipe } from '../../../contract/recipes/recipe-presets.ts'
import { drain, resumeWorker } from '../../../runs/drains.ts'
import { placesIn, startAfter } from '../../../server/use-cases/speeds/start-after.ts'
import { insertCohort, insertRun, insertVersion, moveRun } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
let cohortId: string
let datasetVersionId: string

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  cohortId = (await insertCohort(server.database, ada)).cohortId
  datasetVersionId = (await insertVersion(server.database, ada)).versionId
  for (let i = 0; i < 3; i++) await insertRun(server.database, ada, { cohortId, versionId: datasetVersionId })
})
afterAll(() => server.stop())

describe('what a run would take', () => {
  const estimate = async (more: object = {}) => {
    const query = `query ($id: ID!, $c: ID!, $v: ID!, $recipe: JSON) { node(id: $id) { ... on Team {
      runEstimate(cohortId: $c, datasetVersionId: $v, preset: "quick", recipe: $recipe) {
        times { device seconds runs } unmeasured start { seconds ahead hasWorker } } } } }`
    const { data, errors } = await ada.api.send(query, {
      id: ada.teamId,
      c: cohortId,
      v: datasetVersionId,
      ...more,
    })
    return data?.node?.runEstimate ?? errors
  }

  it('cannot be told before any was trained, nor when it starts where no worker is there', async () => {
    const ahead = await server.database.run.count({ where: { status: 'QUEUED' } })
    expect(await estimate()).toEqual({
      times: [],
      unmeasured: 'resnet-8',
      start: { seconds: null, ahead, hasWorker: false },
    })
  })

  it('is told from finished runs of the same version, and refused for what a start would refuse', async () => {
    const runId = await insertRun(server.database, ada, { cohortId, versionId: datasetVersionId })
    await moveRun(server.database, runId, ['STARTING', 'RUNNING', 'SUCCEEDED'])
    await server.database.run.update({ where: { id: runId }, data: { steps: 10 } })
    const endedAt = new Date()
    const batch = resolveRecipe('quick').batchSize
    // An image took both students 0.02 s.
    const startedAt = new Date(endedAt.getTime() - 10 * batch * 20)
    const ended = { device: 'CPU', outcome: 'SUCCEEDED' } as const
    const attempt = { teamId: ada.teamId, runId, number: 1, workerName: 'w', startedAt, endedAt, ...ended }
    await server.database.runAttempt.create({ data: attempt })
    const { times, unmeasured } = await estimate({ recipe: { epochs: 3 } })
    expect(times).toEqual([{ device: 'CPU', seconds: expect.closeTo(3 * 300 * 0.02, 1), runs: 1 }])
    expect(unmeasured).toBeNull()
    expect((await estimate({ recipe: { batchSize: 4000 } }))[0].message).toMatch(/a batch of 4000 is larger/)
    expect((await estimate({ c: newId('Cohort') }))[0].extensions.code).toBe('NOT_FOUND')
  })

  it('and the first in the queue is expected to start at once where a worker has room', async () => {
    await server.database.worker.create({
      data: {
        ...{
          id: 'worker-1',
          name: 'host:1',
          host: 'host',
          pid: 1,
          device: 'CPU',
          deviceName: 'a processor',
        },
        ...{ capacity: 1, engineVersion: '1', engineBuild: '1' },
      },
    })
    expect((await estimate()).start.hasWorker).toBe(true)
    const query = `query ($id: ID!) { node(id: $id) { ... on Team { runs(statuses: [QUEUED]) {
      nodes { number startsInSeconds } } } } }`
    const { nodes } = (await ada.api.ask(query, { id: ada.teamId })).node.runs
    const expected = nodes.map((run: { startsInSeconds: number | null }) => run.startsInSeconds)
    expect(expected.length).toBeGreaterThan(2)
    // One of them has the place that is free, and the others wait for it.
    expect(expected.filter((seconds: number | null) => seconds === 0)).toHaveLength(1)
    expect(Math.max(...expected)).toBeGreaterThan(0)
  })

  it('a drained worker has no room, nor one of another device for a run that asks for a GPU', async () => {
    const query = `query ($id: ID!) { node(id: $id) { ... on Run { startsInSeconds } } }`
    const { database } = server
    const [first] = await database.run.findMany({
      where: { status: 'QUEUED' },
      orderBy: [{ priority: 'desc' }, { createdAt: 'asc' }],
    })
    const startOf = async () => (await ada.api.ask(query, { id: first?.id })).node.startsInSeconds
    expect(await startOf()).toBe(0)
    await database.run.update({ where: { id: first?.id ?? '' }, data: { device: 'GPU' } })
    expect(await startOf()).toBeNull()
    await database.run.update({ where: { id: first?.id ?? '' }, data: { device: null } })
    await database.$transaction((tx) => drain(tx, { name: 'host:1', host: 'host', device: 'CPU' }, false))
    expect(await startOf()).toBeNull()
    expect((await estimate()).start).toMatchObject({ seconds: null, hasWorker: false })
    await database.$transaction((tx) => resumeWorker(tx, 'host:1'))
    expect(await startOf()).toBe(0)
  })

  it.each([
    ['at once where a place is free', 2, [60], [], 0],
    ['after the run that ends first', 2, [60, 20], [], 20],
    ['after those that wait have taken the first places', 2, [60, 20], [30, 5], 55],
    ['nobody knows when, where the only place is of a run of which nothing is known', 1, [null], [], null],
    ['after what is known, where another place is not', 2, [null, 20], [10], 30],
    ['nobody knows when, after a run that takes nobody knows how long', 1, [20], [null], null],
  ] as const)('starts %s', (_, capacity, held, queued, seconds) => {
    expect(startAfter(placesIn(capacity, held), queued)).toBe(seconds)
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertCohort, insertRun, insertVersion, moveRun } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

const HOUR_MS = 3_600_000
let server: TestServer
let ada: Person
let runId: string
/** When the first attempt began, and the second. */
const began = new Date(Date.now() - 10 * HOUR_MS)
const again = new Date(Date.now() - HOUR_MS)

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  const { cohortId } = await insertCohort(server.database, ada)
  const { versionId } = await insertVersion(server.database, ada)
  runId = await insertRun(server.database, ada, { cohortId, versionId })
})
afterAll(() => server.stop())

async function ask() {
  const query = 'query ($id: ID!) { node(id: $id) { ... on Run { attemptSeconds attemptStartedAt } } }'
  return (await ada.api.ask(query, { id: runId })).node
}

async function addAttempt(number: number, startedAt: Date, endedAt: Date | null): Promise<void> {
  const outcome = endedAt ? 'PAUSED' : null
  const row = {
    teamId: ada.teamId,
    runId,
    number,
    workerName: 'here:1',
    startedAt,
    endedAt,
    outcome,
  } as const
  await server.database.runAttempt.create({ data: row })
}

it('a run that nobody has taken has taken no time', async () => {
  expect(await ask()).toEqual({ attemptSeconds: 0, attemptStartedAt: null })
})

it('a run takes the time of its attempts, and none of the hours that it was paused in between', async () => {
  await addAttempt(1, began, new Date(began.getTime() + 90_000))
  await addAttempt(2, again, null)
  await moveRun(server.database, runId, ['STARTING', 'RUNNING'])
  expect(await ask()).toEqual({ attemptSeconds: 90, attemptStartedAt: again.toISOString() })
})

it('a run that waits again tells no attempt as its current one', async () => {
  await server.database.runAttempt.update({
    where: { runId_number: { runId, number: 2 } },
    data: { endedAt: new Date(again.getTime() + 30_000), outcome: 'RETURNED' },
  })
  await moveRun(server.database, runId, ['QUEUED'])
  expect(await ask()).toEqual({ attemptSeconds: 120, attemptStartedAt: null })
})

describe('the pace of a run', () => {
  const later = (from: Date, seconds: number) => new Date(from.getTime() + 1000 * seconds)

  beforeAll(async () => {
    const reports: [step: number, at: Date][] = [
      [10, later(began, 20)],
      [20, later(began, 80)],
      // The worker was lost; its step 20 is trained again, and step 30 is told a second time with its evaluation.
      [15, later(again, 10)],
      [30, later(again, 20)],
      [30, later(again, 25)],
    ]
    const { lastSeq } = await server.database.run.findUniqueOrThrow({ where: { id: runId } })
    const load = { memoryBytes: 2 ** 30, busyCores: 1.5, batchWait: 0.25 }
    const rows = reports.map(([step, at], i) => ({
      ...{ teamId: ada.teamId, runId, seq: lastSeq + 1 + i, kind: 'METRICS' as const, at },
      payload: {
        kind: 'METRICS',
        step,
        steps: 40,
        epoch: 1,
        epochs: 1,
        imagesPerSecond: 100 * (i + 1),
        ...(i === 3 && { load }),
      },
    }))
    await server.database.runEvent.createMany({ data: rows })
    const seq = lastSeq + rows.length + 1
    const log = { kind: 'LOG', level: 'INFO', source: 'WORKER', message: 'done' }
    await server.database.runEvent.create({
      data: { teamId: ada.teamId, runId, seq, kind: 'LOG', payload: log },
    })
    await server.database.run.update({ where: { id: runId }, data: { lastSeq: seq } })
  })

  const paceOf = async (wish = '') => {
    const query = `query ($id: ID!) { node(id: $id) { ... on Run { pace${wish} { steps seconds imagesPerSecond } } } }`
    return (await ada.api.ask(query, { id: runId })).node.pace
  }

  it('counts the time that workers held it, and what was trained again by its later time', async () => {
    const pace = { steps: [10, 15, 30], seconds: [20, 100, 110], imagesPerSecond: [100, 300, 400] }
    expect(await paceOf()).toEqual(pace)
  })

  it('tells what was used where it was measured, and nothing where it was not', async () => {
    const fields = 'loads { memoryBytes busyCores batchWait cardMemoryBytes cardUtilization }'
    const query = `query ($id: ID!) { node(id: $id) { ... on Run { pace { ${fields} } } } }`
    const { loads } = (await ada.api.ask(query, { id: runId })).node.pace
    const unknown = { cardMemoryBytes: null, cardUtilization: null }
    expect(loads).toEqual([null, null, { memoryBytes: 2 ** 30, busyCores: 1.5, batchWait: 0.25, ...unknown }])
  })

  it('has its last report where it is thinned', async () => {
    const { steps } = await paceOf('(maxPoints: 2)')
    expect(steps.length).toBeLessThanOrEqual(3)
    expect(steps.at(-1)).toBe(30)
  })
})

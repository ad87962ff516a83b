import { afterAll, beforeAll, expect, it } from 'vitest'
import { insertCohort, insertRun, insertVersion, moveRun } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

const HOUR_MS = 3_600_000
let server: TestServer
let ada: Person
let runId: string
/** When the second attempt began. */
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
  const startedAt = new Date(Date.now() - 10 * HOUR_MS)
  await addAttempt(1, startedAt, new Date(startedAt.getTime() + 90_000))
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

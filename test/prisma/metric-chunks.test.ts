import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { recordRunEvent } from '../../runs/events.ts'
import { removePointsAfter } from '../../runs/points.ts'
import { readPoints } from '../points.ts'
import { insertCohort, insertRun, insertVersion } from '../server/rows.ts'
import { type Person, startTestServer, type TestServer } from '../server/test-server.ts'

let server: TestServer
let ada: Person
let parts: { cohortId: string; versionId: string }
let runId: string

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  parts = { ...(await insertCohort(server.database, ada)), ...(await insertVersion(server.database, ada)) }
})
beforeEach(async () => {
  runId = await insertRun(server.database, ada, parts)
})
afterAll(() => server.stop())

const METRICS = { kind: 'METRICS', step: 1, steps: 9, epoch: 1, epochs: 1, imagesPerSecond: 1 } as const

function record(name: 'loss' | 'testTop1', steps: number[], values = steps.map((step) => step / 10)) {
  return server.database.$transaction((tx) =>
    recordRunEvent(tx, runId, null, { ...METRICS, remainingSeconds: null }, [
      { student: 0, name, steps, values },
    ]),
  )
}
const stepsOf = async (name: 'loss' | 'testTop1') =>
  (await readPoints(server.database, { runId, name })).map(({ step }) => step)
const remove = (step: number, isTested: boolean) =>
  server.database.$transaction((tx) => removePointsAfter(tx, runId, step, isTested))
const blocksOf = (name: string) =>
  server.database.metricBlock.findMany({ where: { runId, name }, orderBy: { block: 'asc' } })

it.each([
  ['that begins as another does', [3]],
  ['that begins within another', [4, 6]],
  ['that begins before another and ends within it', [2, 4]],
  ['that holds a step twice', [7, 7]],
  ['whose steps fall', [8, 7]],
  ['that has more values than steps', [7], [1, 2]],
])('the database refuses points %s, and keeps what it has', async (_, steps, values?) => {
  await record('loss', [3, 4, 5])
  await expect(record('loss', steps, values)).rejects.toThrow()
  expect(await stepsOf('loss')).toEqual([3, 4, 5])
  expect((await server.database.run.findUniqueOrThrow({ where: { id: runId } })).lastSeq).toBe(1)
})

it('what comes after a step is forgotten, within what one event brought, too, and can be measured again', async () => {
  await record('loss', [1, 2, 3])
  await record('loss', [62, 63, 64, 65], [1, 9, -9, 2])
  await remove(63, true)
  expect(await stepsOf('loss')).toEqual([1, 2, 3, 62, 63])
  expect(await blocksOf('loss')).toMatchObject([{ block: 0, count: 5, lastStep: 63, high: 9, highStep: 63 }])
  await record('loss', [64, 65], [7, 8])
  expect(await blocksOf('loss')).toMatchObject([{ block: 0 }, { block: 1, count: 2, low: 7, high: 8 }])
})

it('the evaluation after that very step is forgotten where it is still to be done, and only it', async () => {
  for (const name of ['loss', 'testTop1'] as const) await record(name, [10, 20])
  await remove(20, true)
  expect(await stepsOf('testTop1')).toEqual([10, 20])
  await remove(20, false)
  expect(await stepsOf('testTop1')).toEqual([10])
  expect(await stepsOf('loss')).toEqual([10, 20])
})

it('numbers that are no numbers come back as they were', async () => {
  await record('loss', [1, 2, 3], [Number.NaN, Number.POSITIVE_INFINITY, -0.1])
  const values = (await readPoints(server.database, { runId })).map(({ value }) => value)
  expect(values).toEqual([Number.NaN, Number.POSITIVE_INFINITY, -0.1])
})

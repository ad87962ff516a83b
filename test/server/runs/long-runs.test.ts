import { afterAll, beforeAll, expect, it } from 'vitest'
import { removePointsAfter } from '../../../runs/points.ts'
import { insertCohort, insertRun, insertVersion } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

const STEPS = 40_000
let server: TestServer
let ada: Person
let runId: string

interface Series {
  student: number | null
  name: string
  steps: number[]
  values: number[]
}

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  const parts = {
    ...(await insertCohort(server.database, ada)),
    ...(await insertVersion(server.database, ada)),
  }
  runId = await insertRun(server.database, ada, parts)
  // A slow wave with one peak and one dip, as narrow as can be; in two parts, the second into a block that is begun.
  for (const [from, to] of [
    [1, 20_010],
    [20_011, STEPS],
  ])
    await server.database.$executeRaw`
      INSERT INTO "MetricChunk"
        ("teamId", "runId", student, name, "firstStep", "lastStep", steps, "values", "eventSeq")
      SELECT ${ada.teamId}, ${runId}, student, 'loss', min(step), max(step), array_agg(step),
        array_agg(CASE step WHEN 12345 THEN 99 WHEN 20015 THEN -99 ELSE sin(step * 0.001) END), 1
      FROM generate_series(0, 1) AS student, generate_series(${from}::int, ${to}::int) AS step
      GROUP BY student, step / 7`
})
afterAll(() => server.stop())

async function read(wish: string): Promise<Series[]> {
  const query = `query ($id: ID!) { node(id: $id) { ... on Run { metrics(${wish}) { student name steps values } } } }`
  return (await ada.api.ask(query, { id: runId })).node.metrics
}

it('a long curve keeps its peak, its dip and its ends in few points, in order', async () => {
  const series = await read('maxPoints: 200')
  expect(series.map(({ student }) => student)).toEqual([0, 1])
  for (const { steps, values } of series) {
    expect(steps.length).toBeLessThanOrEqual(200)
    expect(steps.length).toBeGreaterThan(100)
    expect(steps).toEqual(steps.toSorted((a, b) => a - b))
    expect([steps[0], steps.at(-1)]).toEqual([1, STEPS])
    expect(values[steps.indexOf(12_345)]).toBe(99)
    expect(values[steps.indexOf(20_015)]).toBe(-99)
  }
})

it('a part of it is told by itself, of one student where one is asked for, with every point where they are few', async () => {
  const [wide, ...others] = await read('maxPoints: 100, students: [1], from: 12000, to: 32000')
  expect(others).toEqual([])
  expect(wide!.steps[0]).toBeGreaterThanOrEqual(12_000)
  expect(wide!.steps.at(-1)).toBeLessThanOrEqual(32_000)
  expect(wide!.values).toEqual(expect.arrayContaining([99, -99]))
  const [narrow] = await read('students: [0], from: 12340, to: 12350')
  expect(narrow!.steps).toEqual(Array.from({ length: 11 }, (_, i) => 12_340 + i))
})

it('what is taken back is no more in the curve', async () => {
  await server.database.$transaction((tx) => removePointsAfter(tx, runId, 20_012, true))
  const [series] = await read('maxPoints: 200')
  expect(series!.steps.at(-1)).toBe(20_012)
  expect(Math.min(...series!.values)).toBeGreaterThan(-2)
  expect(series!.values).toContain(99)
  const [{ points, blocks }] = (await server.database.$queryRaw<{ points: number; blocks: number }[]>`
    SELECT (SELECT sum(cardinality(steps))::int FROM "MetricChunk") AS points, (SELECT sum("count")::int FROM "MetricBlock") AS blocks`) as [
    { points: number; blocks: number },
  ]
  expect(blocks).toBe(points)
})

it('goes with its run', async () => {
  await server.database.run.delete({ where: { id: runId } })
  expect(await server.database.metricChunk.count()).toBe(0)
  expect(await server.database.metricBlock.count()).toBe(0)
})

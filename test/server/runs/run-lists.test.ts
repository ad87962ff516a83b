import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { insertCohort, insertRun, insertVersion } from '../rows.ts'
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
  for (let i = 0; i < 9; i++)
    await ada.api.mutate('startRun', { cohortId, datasetVersionId }, 'run { number }')
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => server.stop())

describe('lists', () => {
  it('are read page by page, newest first, without gap or repetition while rows come in', async () => {
    const query = `query ($id: ID!, $after: String) { node(id: $id) { ... on Team { runs(first: 4, after: $after) {
      totalCount nodes { id number } pageInfo { hasNextPage endCursor } } } } }`
    const all = await server.database.run.findMany({
      where: { teamId: ada.teamId },
      orderBy: { number: 'desc' },
    })
    const seen: number[] = []
    let after: string | null = null
    do {
      const { node }: { node: { runs: Page } } = await ada.api.ask(query, { id: ada.teamId, after })
      expect(node.runs.totalCount).toBe(all.length + (after ? 1 : 0))
      seen.push(...node.runs.nodes.map(({ number }) => number))
      if (!after) await ada.api.mutate('startRun', { cohortId, datasetVersionId }, 'run { number }')
      after = node.runs.pageInfo.hasNextPage ? node.runs.pageInfo.endCursor : null
    } while (after)
    expect(seen).toEqual(all.map(({ number }) => number))
  })

  interface Page {
    totalCount: number
    nodes: { number: number }[]
    pageInfo: { hasNextPage: boolean; endCursor: string }
  }

  it.each([['first: 101'], ['first: -1'], ['after: "nonsense"']])('with %s are refused', async (wrong) => {
    const { errors } = await ada.api.send(`{ viewer { teams { runs(${wrong}) { totalCount } } } }`)
    expect(errors?.[0]?.extensions?.code).toBe('INVALID_INPUT')
  })

  it('of a cohort’s runs are its own, however many runs of others are newer', async () => {
    const other = await insertCohort(server.database, ada)
    const runId = await insertRun(server.database, ada, {
      cohortId: other.cohortId,
      versionId: datasetVersionId,
    })
    for (let i = 0; i < 3; i++)
      await insertRun(server.database, ada, { cohortId, versionId: datasetVersionId })
    const query = `query ($id: ID!, $cohortId: ID!) { node(id: $id) { ... on Team {
      runs(first: 2, cohortId: $cohortId) { totalCount nodes { id } } } } }`
    const ask = async (wanted: string) =>
      (await ada.api.ask(query, { id: ada.teamId, cohortId: wanted })).node.runs
    expect(await ask(other.cohortId)).toEqual({ totalCount: 1, nodes: [{ id: runId }] })
    expect(await ask('coh_none')).toEqual({ totalCount: 0, nodes: [] })
  })

  it('of a hundred runs take as many queries as one of ten', async () => {
    const bob = await server.signUp('Bob')
    const parts = {
      ...(await insertCohort(server.database, bob)),
      ...(await insertVersion(server.database, bob)),
    }
    // The server runs in this process, and everything that it asks the database goes this way.
    const query = vi.spyOn(pg.Client.prototype, 'query')
    const ask = async (first: number) => {
      query.mockClear()
      const { node } = await bob.api.ask(
        `query ($id: ID!) { node(id: $id) { ... on Team { runs(first: ${first}) { nodes {
        team { name } cohort { name students { name } } datasetVersion { number dataset { name } } createdBy { name }
        students { student { name } lastLoss } queuePosition models { id } ensemble { id } } } } } }`,
        { id: bob.teamId },
      )
      expect(node.runs.nodes.length).toBe(first)
      return query.mock.calls.map(([asked]) => textOf(asked)).filter(isRead).length
    }
    for (let i = 0; i < 100; i++) await insertRun(server.database, bob, parts)
    // What the server looks at by its clocks comes in between now and then, and not three times.
    const fewest = async (first: number) => Math.min(await ask(first), await ask(first), await ask(first))
    await ask(1)
    const ofTen = await fewest(10)
    expect(ofTen).toBeGreaterThan(5)
    expect(await fewest(100)).toBe(ofTen)
  })

  const textOf = (asked: unknown) => (typeof asked === 'string' ? asked : (asked as { text: string }).text)
  /** Not so what every new connection is told, and a listener's heartbeat. */
  const isRead = (statement: string) => /\bFROM\b/.test(statement)
})

describe('a run’s curves', () => {
  it('keep their extremes, first and last point when they are thinned', async () => {
    const runId = await insertRun(server.database, ada, { cohortId, versionId: datasetVersionId })
    const values = Array.from({ length: 10_000 }, (_, step) => Math.sin(step / 500))
    values[1234] = 99
    values[7777] = -99
    await server.database.$executeRaw`
      INSERT INTO "MetricChunk"
        ("teamId", "runId", student, name, "firstStep", "lastStep", steps, "values", "eventSeq")
      SELECT ${ada.teamId}, ${runId}, 1, 'loss', min(i) - 1, max(i) - 1, array_agg(i - 1), array_agg(value), 1
      FROM unnest(${values}::float8[]) WITH ORDINALITY AS points (value, i) GROUP BY i / 7`
    const query = `query ($id: ID!, $names: [String!]) { node(id: $id) { ... on Run {
      metrics(names: $names, maxPoints: 100) { student name steps values }
      students { lastLoss bestTestTop1 } } } }`
    const { node } = await ada.api.ask(query, { id: runId, names: ['loss'] })
    const [series] = node.metrics
    expect(series).toMatchObject({ student: 1, name: 'loss' })
    expect(series.steps.length).toBeLessThanOrEqual(100)
    expect(series.steps.length).toBeGreaterThan(80)
    expect(series.values).toEqual(expect.arrayContaining([99, -99]))
    expect([series.steps[0], series.steps.at(-1)]).toEqual([0, 9_999])
    expect(series.steps).toEqual([...series.steps].sort((a, b) => a - b))
    for (const [i, step] of series.steps.entries()) expect(series.values[i]).toBe(values[step])
    expect(node.students).toEqual([
      { lastLoss: null, bestTestTop1: null },
      { lastLoss: values[9_999], bestTestTop1: null },
    ])
    expect((await ada.api.ask(query, { id: runId, names: ['testTop1'] })).node.metrics).toEqual([])
  })
})

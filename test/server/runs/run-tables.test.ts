import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertExperiment } from '../experiment-rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'
import { insertScoredRuns } from './scored-runs.ts'

let server: TestServer
let ada: Person
let runIds: string[]

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  runIds = await insertScoredRuns(server.database, ada)
})
afterAll(() => server.stop())

async function list(args: string): Promise<number[]> {
  const { node } = await ada.api.ask(
    `query ($id: ID!) { node(id: $id) { ... on Team { runs(${args}) { totalCount nodes { number } } } } }`,
    { id: ada.teamId },
  )
  return node.runs.nodes.map(({ number }: { number: number }) => number)
}
const where = (column: string, is: string, value: string) =>
  `where: [{ column: "${column}", is: ${is}, value: "${value}" }]`

describe('a run’s scores in a list', () => {
  const scoresOf = async (id: string) =>
    server.database.run.findUniqueOrThrow({ where: { id }, select: { bestScore: true, lastScore: true } })

  it('are the best student’s best and latest, and follow what is measured again', async () => {
    const [first = ''] = runIds
    expect(await scoresOf(first)).toEqual({ bestScore: 0.6, lastScore: 0.56 })
    const where = { runId: first, firstStep: { gt: 10 } }
    const removed = await server.database.metricChunk.findMany({ where })
    await server.database.metricChunk.deleteMany({ where })
    expect(await scoresOf(first)).toEqual({ bestScore: 0.5, lastScore: 0.5 })
    await server.database.metricChunk.createMany({ data: removed })
    expect(await scoresOf(first)).toEqual({ bestScore: 0.6, lastScore: 0.56 })
  })
})

describe('a list of runs', () => {
  it.each([
    [where('learningRate', 'EQUAL', '0.05'), [4, 3]],
    [where('learningRate', 'AT_MOST', '0.05'), [6, 5, 4, 3]],
    [where('optimizer.kind', 'NOT_EQUAL', 'sgd'), []],
    [where('best', 'AT_LEAST', '0.62'), [5, 4, 3]],
    [where('bestMap', 'AT_LEAST', '0'), []],
    [where('seed', 'EQUAL', '2'), [6, 4, 2]],
    ['text: "run 3"', [3]],
    ['text: "100%"', []],
    ['statuses: [QUEUED]', [6]],
    ['numbers: [2, 5, 99]', [5, 2]],
    ['orderBy: { column: "best" }', [5, 4, 3, 2, 1, 6]],
    ['orderBy: { column: "learningRate", descending: false }', [5, 6, 3, 4, 1, 2]],
  ])('with %s holds runs %j', async (args, numbers) => {
    expect(await list(args)).toEqual(numbers)
  })

  it.each(['number', 'best', 'learningRate', 'preset', 'duration'])(
    'ordered by %s is read page by page without gap or repetition',
    async (column) => {
      for (const descending of [true, false]) {
        const seen: number[] = []
        let after: string | null = null
        do {
          const query = `query ($id: ID!, $after: String) { node(id: $id) { ... on Team {
            runs(first: 2, after: $after, orderBy: { column: "${column}", descending: ${descending} }) {
              nodes { number } pageInfo { hasNextPage endCursor } } } } }`
          const { node }: Answer = await ada.api.ask(query, { id: ada.teamId, after })
          seen.push(...node.runs.nodes.map(({ number }) => number))
          after = node.runs.pageInfo.hasNextPage ? node.runs.pageInfo.endCursor : null
        } while (after)
        expect(seen).toEqual(await list(`orderBy: { column: "${column}", descending: ${descending} }`))
        expect([...seen].sort()).toEqual([1, 2, 3, 4, 5, 6])
      }
    },
  )

  it('knows what stands before and after a run in it', async () => {
    const query = `query ($id: ID!, $number: Int!) { node(id: $id) { ... on Team { runNeighbours(number: $number,
      statuses: [SUCCEEDED], orderBy: { column: "best", descending: false }) { previous { number } next { number } } } } }`
    const beside = async (number: number) => {
      const { node } = await ada.api.ask(query, { id: ada.teamId, number })
      return [node.runNeighbours.previous?.number, node.runNeighbours.next?.number]
    }
    expect(await beside(3)).toEqual([2, 4])
    expect(await beside(1)).toEqual([undefined, 2])
    expect(await beside(5)).toEqual([4, undefined])
  })

  interface Answer {
    node: {
      runs: { nodes: { number: number }[]; pageInfo: { hasNextPage: boolean; endCursor: string } }
    }
  }

  it.each([
    [where('fame', 'EQUAL', '1'), 'there is no column “fame”'],
    [where('best', 'EQUAL', 'high'), 'best is compared with a number'],
    [where('cohort', 'AT_LEAST', 'a'), 'cohort is a text'],
    ['orderBy: { column: "fame" }', 'there is no column “fame”'],
  ])('with %s is refused', async (args, words) => {
    const { errors } = await ada.api.send(`{ viewer { teams { runs(${args}) { totalCount } } } }`)
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining(words),
      extensions: { code: 'INVALID_INPUT' },
    })
  })

  it('shows the spread of scores over the seeds of what is equal otherwise', async () => {
    const query = `query ($id: ID!) { node(id: $id) { ... on Team { runGroups(by: [COHORT, RECIPE]) {
      cohort { id } datasetVersion { id } newestRun { number recipe } task runCount seedCount scoredCount
      bestMean bestDeviation lastMean ensembleMean } } } }`
    const { node } = await ada.api.ask(query, { id: ada.teamId })
    const [newest, middle] = node.runGroups
    expect(node.runGroups).toHaveLength(3)
    expect(newest).toMatchObject({
      newestRun: { number: 6 },
      runCount: 2,
      scoredCount: 1,
      bestDeviation: null,
    })
    expect(middle).toMatchObject({ runCount: 2, seedCount: 2, task: 'CLASSIFICATION', datasetVersion: null })
    expect(middle.newestRun.recipe.learningRate).toBe(0.05)
    expect(middle.bestMean).toBeCloseTo(0.625)
    expect(middle.bestDeviation).toBeCloseTo(0.01 / Math.SQRT2)
    expect(middle.lastMean).toBeCloseTo(0.56)
  })

  it('tells trials of an experiment from runs of their own, and filters by either', async () => {
    const [first = '', second = ''] = runIds
    const { datasetVersionId: versionId } = await server.database.run.findUniqueOrThrow({
      where: { id: first },
    })
    const experimentId = await insertExperiment(server.database, ada, { runId: first, versionId })
    await server.database.run.updateMany({
      where: { id: { in: [first, second] } },
      data: { experimentId },
    })
    const { node } = await ada.api.ask(
      `query ($id: ID!) { node(id: $id) { ... on Team { runGroups(by: [EXPERIMENT]) {
        experiment { number title } runCount } } } }`,
      { id: ada.teamId },
    )
    expect(node.runGroups).toEqual([
      { experiment: null, runCount: 4 },
      { experiment: { number: 1, title: 'One arm' }, runCount: 2 },
    ])
    expect(await list(where('experiment', 'EQUAL', '1'))).toEqual([2, 1])
    expect(await list(where('experiment', 'EQUAL', '0'))).toEqual([6, 5, 4, 3])
    await server.database.run.updateMany({ data: { experimentId: null } })
  })
})

describe('saved views', () => {
  const save = (name: string, search: string) =>
    ada.api.mutate('saveRunView', { teamId: ada.teamId, name, search }, 'runView { id search isDefault }')

  it('are replaced by name, and one of them is the team’s default', async () => {
    const { runView: good } = await save('Good', 'where=best%3E%3D0.9&sort=-best')
    const { runView: queued } = await save('Queued', 'status=QUEUED')
    expect((await save('Good', 'sort=-best')).runView).toEqual({ ...good, search: 'sort=-best' })
    for (const { id } of [good, queued]) await ada.api.mutate('setDefaultRunView', { runViewId: id })
    const query = 'query ($id: ID!) { node(id: $id) { ... on Team { runViews { name isDefault } } } }'
    expect((await ada.api.ask(query, { id: ada.teamId })).node.runViews).toEqual([
      { name: 'Good', isDefault: false },
      { name: 'Queued', isDefault: true },
    ])
    await ada.api.mutate('deleteRunView', { runViewId: queued.id })
    expect((await ada.api.ask(query, { id: ada.teamId })).node.runViews).toHaveLength(1)
  })

  it.each(['where=fame%3D1', 'colour=red', 'status=ASLEEP'])(
    'that no list shows are refused: %s',
    async (search) => {
      const { runView, errors } = await save('Wrong', search)
      expect(runView).toBeNull()
      expect(errors).toMatchObject([{ code: 'INVALID_INPUT', path: ['search'] }])
    },
  )
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../contract/ids.ts'
import { resolveRecipe } from '../../contract/recipe.ts'
import { recordRunEvent } from '../../prisma/run-events.ts'
import { insertCohort, insertRun, insertVersion, moveRun } from './rows.ts'
import { type Person, startTestServer, type TestServer } from './test-server.ts'

let server: TestServer
let ada: Person
let cohortId: string
let datasetVersionId: string

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  cohortId = (await insertCohort(server.database, ada)).cohortId
  datasetVersionId = (await insertVersion(server.database, ada)).versionId
})
afterAll(() => server.stop())

const students = (count: number, architecture = 'resnet-8') =>
  Array.from({ length: count }, (_, i) => ({ name: `s${i}`, architecture }))

describe('a cohort', () => {
  const create = (more: object) =>
    ada.api.mutate(
      'createCohort',
      { teamId: ada.teamId, name: newId('Cohort'), students: students(2), ...more },
      'cohort { students { position name architecture } teaching { method updateRule temperature weight } }',
    )

  it('keeps its students in order, and is taught as in the paper where nothing is said', async () => {
    const { cohort, errors } = await create({ students: students(3), teaching: { method: null } })
    expect(errors).toEqual([])
    expect(cohort).toEqual({
      students: [0, 1, 2].map((position) => ({ position, name: `s${position}`, architecture: 'resnet-8' })),
      teaching: { method: 'MUTUAL', updateRule: 'SEQUENTIAL', temperature: 1, weight: 1 },
    })
  })

  it.each([
    ['no student', { students: [] }, ['students'], /at least one student/],
    ['one student who learns from nobody', { students: students(1) }, ['students'], /at least two/],
    ['17 students', { students: students(17) }, ['students'], /at most 16/],
    ['100 students', { students: students(100) }, ['students'], /at most 16/],
    [
      'an unknown architecture',
      { students: students(2, 'resnet-33') },
      ['students', '0', 'architecture'],
      /no architecture “resnet-33”; choose one of resnet-8/,
    ],
    [
      'a student’s name with a space',
      { students: [...students(1), { name: 'a b', architecture: 'resnet-8' }] },
      ['students', '1', 'name'],
      /a student’s name/,
    ],
    [
      'two students of one name',
      { students: [...students(1), ...students(1)] },
      ['students'],
      /the same name/,
    ],
    ['no temperature', { teaching: { temperature: 0 } }, ['teaching', 'temperature'], /./],
    ['a name too long', { name: 'x'.repeat(121) }, ['name'], /at most 120/],
  ])('with %s is refused by name', async (_, wrong, path, message) => {
    const { cohort, errors } = await create(wrong)
    expect(cohort).toBeNull()
    expect(errors[0]).toMatchObject({ code: 'INVALID_INPUT', path })
    expect(errors[0].message).toMatch(message)
  })

  it('of one student may train INDEPENDENT', async () => {
    expect((await create({ students: students(1), teaching: { method: 'INDEPENDENT' } })).errors).toEqual([])
  })

  it('names everything that is wrong at once', async () => {
    const { errors } = await create({
      students: [...students(1, 'vgg'), ...students(1, 'alexnet')],
      teaching: { weight: -1 },
    })
    expect(errors.map(({ path }: { path: string[] }) => path.join('.'))).toEqual(
      expect.arrayContaining(['students.0.architecture', 'students.1.architecture', 'teaching.weight']),
    )
  })

  it('of a name that the team has is a conflict', async () => {
    await create({ name: 'Twins' })
    expect((await create({ name: 'Twins' })).errors[0]).toMatchObject({ code: 'CONFLICT', path: ['name'] })
  })
})

const RUN =
  'run { id number status seed preset recipe lastSeq queuePosition progress { step epochs remainingSeconds } }'
const start = (more: object = {}) => ada.api.mutate('startRun', { cohortId, datasetVersionId, ...more }, RUN)

describe('starting a run', () => {
  it('stores the whole recipe, writes the first event and tells the workers', async () => {
    const { run, errors } = await start({ recipe: { epochs: 3, batchSize: 32 }, seed: 7 })
    expect(errors).toEqual([])
    expect(run).toMatchObject({ number: 1, status: 'QUEUED', seed: 7, preset: 'quick', lastSeq: 1 })
    expect(run.recipe).toEqual(resolveRecipe('quick', { epochs: 3, batchSize: 32 }))
    expect(run.progress).toEqual({ step: 0, epochs: 3, remainingSeconds: null })
    const [event] = await server.database.runEvent.findMany({ where: { runId: run.id } })
    expect(event).toMatchObject({ seq: 1, kind: 'STATUS', payload: { status: 'QUEUED', attempt: 1 } })
    const jobs = await server.database.$queryRaw`SELECT name, data FROM bullmq.job WHERE id = ${run.id}`
    expect(jobs).toEqual([{ name: 'train-run', data: { runId: run.id } }])
  })

  it.each([
    ['an unknown key', { epochz: 3 }, ['recipe', 'epochz'], /no “epochz”/],
    [
      'an unknown key inside',
      { optimizer: { kind: 'SGD', momentum: 0.9, nesterov: true, weightDecay: 0, lr: 1 } },
      ['recipe', 'optimizer', 'lr'],
      /no “lr”/,
    ],
    ['__proto__', JSON.parse('{"__proto__": {"epochs": 3}}'), ['recipe', '__proto__'], /__proto__/],
    ['an impossible value', { epochs: 0 }, ['recipe', 'epochs'], /epochs/],
    [
      'a batch larger than the training pictures',
      { batchSize: 301 },
      ['recipe', 'batchSize'],
      /301 .* 300 training/,
    ],
    ['what is no object', [1, 2], ['recipe'], /./],
    [
      'a warm-up as long as the training',
      { epochs: 1, schedule: { kind: 'COSINE', warmupEpochs: 1 } },
      ['recipe', 'schedule', 'warmupEpochs'],
      /warm-up/,
    ],
  ])('by a recipe with %s is refused by name', async (_, recipe, path, message) => {
    const { run, errors } = await start({ recipe })
    expect(run).toBeNull()
    expect(errors[0]).toMatchObject({ code: 'INVALID_INPUT', path })
    expect(errors[0].message).toMatch(message)
  })

  it.each([
    [{ preset: 'quickest' }, 'preset', /no preset “quickest”; choose one of cifar-paper, quick/],
    [{ seed: -1 }, 'seed', /not negative/],
    [{ idempotencyKey: 'x'.repeat(81) }, 'idempotencyKey', /at most 80/],
  ])('with %o is refused by name', async (wrong, field, message) => {
    const { errors } = await start(wrong)
    expect(errors[0]).toMatchObject({ code: 'INVALID_INPUT', path: [field] })
    expect(errors[0].message).toMatch(message)
  })

  it.each(['PENDING', 'FAILED'] as const)('on a version that is %s is refused', async (status) => {
    const { versionId } = await insertVersion(server.database, ada, status)
    const { errors } = await start({ datasetVersionId: versionId })
    expect(errors[0]).toMatchObject({ code: 'NOT_READY', path: ['datasetVersionId'] })
  })

  it('leaves nothing behind where it was refused', async () => {
    const before = await server.database.team.findUniqueOrThrow({ where: { id: ada.teamId } })
    await start({ recipe: { epochz: 3 } })
    await start({ datasetVersionId: newId('DatasetVersion') })
    const after = await server.database.team.findUniqueOrThrow({ where: { id: ada.teamId } })
    expect(after.lastRunNumber).toBe(before.lastRunNumber)
    expect(await server.database.run.count()).toBe(before.lastRunNumber)
  })

  it('with one idempotency key makes one run, even at the same moment', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => start({ idempotencyKey: 'k' })))
    answers.push(await start({ idempotencyKey: 'k', seed: 9 }))
    expect(new Set(answers.map(({ run }) => run.id)).size).toBe(1)
    const other = await start({ idempotencyKey: 'l' })
    expect(other.run.id).not.toBe(answers[0].run.id)
  })

  it('numbers the team’s runs without a gap, and counts who waits before', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => start()))
    const numbers = answers.map(({ run }) => run.number).sort((a, b) => a - b)
    expect(numbers).toEqual(Array.from({ length: 5 }, (_, i) => numbers[0]! + i))
    const query = `query ($id: ID!) { node(id: $id) { ... on Team { runs(statuses: [QUEUED]) {
      nodes { number queuePosition } } } } }`
    const { node } = await ada.api.ask(query, { id: ada.teamId })
    const positions = node.runs.nodes.map((run: { queuePosition: number }) => run.queuePosition)
    expect([...positions].sort((a, b) => a - b)).toEqual(positions.map((_: number, i: number) => i))
  })
})

describe('canceling a run', () => {
  const cancel = (runId: string) =>
    ada.api.mutate('cancelRun', { runId }, 'run { status finishedAt lastSeq phase failure { code } }')

  it.each([
    ['QUEUED', []],
    ['STARTING', ['STARTING']],
    ['RUNNING', ['STARTING', 'RUNNING']],
    ['PAUSED', ['STARTING', 'RUNNING', 'PAUSING', 'PAUSED']],
  ] as const)('that is %s ends it at once, with one event, and again changes nothing', async (_, way) => {
    const runId = await insertRun(server.database, ada, { cohortId, versionId: datasetVersionId })
    await moveRun(server.database, runId, [...way])
    const first = await cancel(runId)
    expect(first.errors).toEqual([])
    expect(first.run).toMatchObject({ status: 'CANCELED', lastSeq: 1, phase: null, failure: null })
    expect(Math.abs(Date.now() - new Date(first.run.finishedAt).getTime())).toBeLessThan(60_000)
    expect(await cancel(runId)).toEqual(first)
  })

  it('leaves a run that has ended as it is, without an error', async () => {
    const runId = await insertRun(server.database, ada, { cohortId, versionId: datasetVersionId })
    await moveRun(server.database, runId, ['STARTING', 'RUNNING', 'SUCCEEDED'])
    expect(await cancel(runId)).toMatchObject({ errors: [], run: { status: 'SUCCEEDED', lastSeq: 0 } })
  })

  it('refuses whatever the worker writes afterwards', async () => {
    const runId = await insertRun(server.database, ada, { cohortId, versionId: datasetVersionId })
    await server.database.run.update({ where: { id: runId }, data: { fence: 4 } })
    await cancel(runId)
    const log = { kind: 'LOG', level: 'INFO', message: 'still here' } as const
    expect(await server.database.$transaction((tx) => recordRunEvent(tx, runId, 4, log))).toBeNull()
  })
})

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
      if (!after) await start()
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

  it('of a hundred runs take as many queries as one of ten', async () => {
    const bob = await server.signUp('Bob')
    const parts = {
      ...(await insertCohort(server.database, bob)),
      ...(await insertVersion(server.database, bob)),
    }
    const ask = async (first: number) => {
      const query = `query ($id: ID!) { node(id: $id) { ... on Team { runs(first: ${first}) { nodes {
        team { name } cohort { name students { name } } datasetVersion { number dataset { name } } createdBy { name }
        students { student { name } lastLoss } queuePosition models { id } ensemble { id } } } } } }`
      const before = await countStatements()
      const { node } = await bob.api.ask(query, { id: bob.teamId })
      expect(node.runs.nodes.length).toBe(first)
      return (await countStatements()) - before
    }
    for (let i = 0; i < 100; i++) await insertRun(server.database, bob, parts)
    await ask(1)
    const ten = await ask(10)
    // One a run more would be 90; what the server does beside the list is a few.
    expect(await ask(100)).toBeLessThan(ten + 20)
  })

  /** Statements that the database has committed. */
  async function countStatements(): Promise<number> {
    await server.database.$executeRaw`SELECT pg_stat_force_next_flush()`
    const [row] = await server.database.$queryRaw<{ commits: bigint }[]>`
      SELECT xact_commit AS commits FROM pg_stat_database WHERE datname = current_database()`
    return Number(row!.commits)
  }
})

describe('a run’s curves', () => {
  it('keep their extremes, first and last point when they are thinned', async () => {
    const runId = await insertRun(server.database, ada, { cohortId, versionId: datasetVersionId })
    const values = Array.from({ length: 10_000 }, (_, step) => Math.sin(step / 500))
    values[1234] = 99
    values[7777] = -99
    await server.database.$executeRaw`
      INSERT INTO "MetricPoint" ("teamId", "runId", student, name, step, value, "eventSeq")
      SELECT ${ada.teamId}, ${runId}, 1, 'loss', i - 1, value, 1
      FROM unnest(${values}::float8[]) WITH ORDINALITY AS points (value, i)`
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

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { resolveRecipe } from '../../../contract/recipes/recipe-presets.ts'
import { recordRunEvent } from '../../../runs/events.ts'
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
})
afterAll(() => server.stop())

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
    const jobs = await server.database.$queryRaw`SELECT name, data FROM bullmq.job WHERE name = 'train-run'`
    expect(jobs).toEqual([{ name: 'train-run', data: {} }])
  })

  it('has the id of the request that asked for it, over HTTP and WebSocket, and of the one that changed it last', async () => {
    const requestOf = async (id: string) =>
      (await server.database.run.findUniqueOrThrow({ where: { id } })).requestId
    const query = `mutation ($input: StartRunInput!) { startRun(input: $input) { run { id } } }`
    const post = async (text: string, input: object) => {
      const headers = { ...ada.api.headers, 'content-type': 'application/json' }
      const body = JSON.stringify({ query: text, variables: { input } })
      const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body })
      const { data } = (await response.json()) as { data: { startRun?: { run: { id: string } } } }
      return { id: data.startRun?.run.id ?? '', requestId: response.headers.get('x-request-id') }
    }
    const { id, requestId } = await post(query, { cohortId, datasetVersionId })
    expect(requestId).toMatch(/^req_/)
    expect(await requestOf(id)).toBe(requestId)
    const canceled = await post(
      'mutation ($input: CancelRunInput!) { cancelRun(input: $input) { run { id } } }',
      {
        runId: id,
      },
    )
    expect(await requestOf(id)).toBe(canceled.requestId)
    const answers = ada.api.listen(query, { input: { cohortId, datasetVersionId } })
    const { data } = (await answers.next()).value!
    expect(await requestOf(data.startRun.run.id)).toMatch(/^req_/)
  })

  it('leaves the threads of each operation to the first worker, unless they are given', async () => {
    const fields = 'run { threadsPerOperation }'
    const order = { cohortId, datasetVersionId }
    const { run } = await ada.api.mutate('startRun', { ...order, threadsPerOperation: 2 }, fields)
    expect(run.threadsPerOperation).toBe(2)
    expect((await ada.api.mutate('startRun', order, fields)).run.threadsPerOperation).toBeNull()
  })

  it('from another run’s settings has its priority, device, label and threads, unless others are given', async () => {
    const fields = 'run { id priority device label threadsPerOperation }'
    const order = { cohortId, datasetVersionId }
    const place = { device: 'CPU', label: 'lab-2', threadsPerOperation: 2 }
    const { run: source } = await ada.api.mutate('startRun', { ...order, ...place }, fields)
    await server.database.run.update({ where: { id: source.id }, data: { priority: 7 } })
    const from = { ...order, sourceRunId: source.id }
    const { run: same } = await ada.api.mutate('startRun', from, fields)
    expect(same).toMatchObject({ ...place, priority: 7 })
    const { run: other } = await ada.api.mutate('startRun', { ...from, label: 'lab-3' }, fields)
    expect(other).toMatchObject({ ...place, label: 'lab-3' })
  })

  it('counts the epochs of both stages where a teacher learns first', async () => {
    const students = ['teacher', 'learner'].map((name) => ({ name, architecture: 'resnet-8' }))
    const teaching = { method: 'DISTILLATION' }
    const order = { teamId: ada.teamId, name: newId('Cohort'), students, teaching }
    const { cohort } = await ada.api.mutate('createCohort', order, 'cohort { id }')
    const { run } = await start({ cohortId: cohort.id, recipe: { epochs: 3 } })
    expect(run.progress).toEqual({ step: 0, epochs: 6, remainingSeconds: null })
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
      'a batch larger than the training images',
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
  ])('row 42: by a recipe with %s is refused by name', async (_, recipe, path, message) => {
    const { run, errors } = await start({ recipe })
    expect(run).toBeNull()
    expect(errors[0]).toMatchObject({ code: 'INVALID_INPUT', path })
    expect(errors[0].message).toMatch(message)
  })

  it.each([
    [{ preset: 'quickest' }, 'preset', /no preset “quickest”; choose one of cifar-paper, .*quick/],
    [{ seed: -1 }, 'seed', /must not be negative/],
    [{ threadsPerOperation: 0 }, 'threadsPerOperation', /at least 1 thread/],
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
    expect(new Set(answers.map(({ run }) => run.id)).size).toBe(1)
    const other = await start({ idempotencyKey: 'l' })
    expect(other.run.id).not.toBe(answers[0].run.id)
  })

  it('refuses by name an idempotency key that has started a run of other input', async () => {
    const { run } = await start({ idempotencyKey: 'once', recipe: { epochs: 2 } })
    expect((await start({ idempotencyKey: 'once', recipe: { epochs: 2 } })).run.id).toBe(run.id)
    const { errors } = await start({ idempotencyKey: 'once', recipe: { epochs: 3 }, seed: 9 })
    expect(errors).toEqual([
      {
        code: 'CONFLICT',
        message: `The key “once” has started run ${run.number} already, of another recipe, seed. Send another key for another run.`,
        path: ['idempotencyKey'],
      },
    ])
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

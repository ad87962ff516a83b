import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertCohort, insertRun, insertVersion, moveRun } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
let parts: { cohortId: string; versionId: string }

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  parts = { ...(await insertVersion(server.database, ada)), ...(await insertCohort(server.database, ada)) }
})
afterAll(() => server.stop())

const FIELDS = 'run { id status attempt pauseReason priority lastSeq failure { code } }'
const ask = (mutation: string, runId: string, more: object = {}) =>
  ada.api.mutate(mutation, { runId, ...more }, FIELDS)

type Way = Parameters<typeof moveRun>[2]
const TRAINING: Way = ['STARTING', 'RUNNING']

/** A run in a state, in its first attempt where it has begun. */
async function runThatIs(way: Way): Promise<string> {
  const runId = await insertRun(server.database, ada, parts)
  await moveRun(server.database, runId, way)
  if (way.length > 0)
    await server.database.runAttempt.create({
      data: { teamId: ada.teamId, runId, number: 1, workerName: 'a:1' },
    })
  return runId
}

const attemptsOf = (runId: string) => server.database.runAttempt.findMany({ where: { runId } })

/** Every change of a run's state so far, as its followers hear of it. */
async function pausesTold(runId: string): Promise<[status: string, pauseReason: string | null][]> {
  const { lastSeq } = await server.database.run.findUniqueOrThrow({ where: { id: runId } })
  const query = `subscription ($id: ID!) { runEvents(runId: $id, afterSeq: 0) {
    seq ... on RunStatusChanged { status pauseReason } } }`
  const told: [string, string | null][] = []
  for await (const { data } of ada.api.listen(query, { id: runId })) {
    told.push([data.runEvents.status, data.runEvents.pauseReason])
    if (data.runEvents.seq === lastSeq) break
  }
  return told
}

describe('pausing a run', () => {
  it.each([
    ['waits', [], 'PAUSED', 'ASKED'],
    ['is being taken', ['STARTING'], 'PAUSING', 'ASKED'],
    ['trains', TRAINING, 'PAUSING', 'ASKED'],
  ] as [string, Way, string, string | null][])(
    'that %s answers at once, and again changes nothing',
    async (_, way, status, pauseReason) => {
      const runId = await runThatIs(way)
      const first = await ask('pauseRun', runId)
      expect(first).toMatchObject({ errors: [], run: { status, pauseReason, lastSeq: 1 } })
      expect(await ask('pauseRun', runId)).toEqual(first)
    },
  )

  it('that has ended is refused in words', async () => {
    const { errors } = await ask('pauseRun', await runThatIs([...TRAINING, 'SUCCEEDED']))
    expect(errors[0]).toMatchObject({ code: 'CONFLICT', path: ['runId'] })
    expect(errors[0].message).toMatch(/has succeeded/)
  })

  it('that waits for room has it not go on by itself any more', async () => {
    const runId = await runThatIs([...TRAINING, 'PAUSED'])
    const waiting = { pauseReason: 'DISK_FULL', retryAt: new Date() } as const
    await server.database.run.update({ where: { id: runId }, data: waiting })
    expect((await ask('pauseRun', runId)).run).toMatchObject({ status: 'PAUSED', pauseReason: 'ASKED' })
    const { retryAt } = await server.database.run.findUniqueOrThrow({ where: { id: runId } })
    expect(retryAt).toBeNull()
    expect(await pausesTold(runId)).toEqual([['PAUSED', 'ASKED']])
  })

  it('is told to its followers with the reason', async () => {
    const runId = await runThatIs([])
    await ask('pauseRun', runId)
    await ask('resumeRun', runId)
    expect(await pausesTold(runId)).toEqual([
      ['PAUSED', 'ASKED'],
      ['QUEUED', null],
    ])
  })
})

describe('resuming a run', () => {
  it('that is paused queues it for another attempt, and again changes nothing', async () => {
    const runId = await runThatIs([...TRAINING, 'PAUSED'])
    const first = await ask('resumeRun', runId)
    expect(first).toMatchObject({ errors: [], run: { status: 'QUEUED', attempt: 2, pauseReason: null } })
    expect(await ask('resumeRun', runId)).toEqual(first)
  })

  it('that was paused while it waited leaves it in its first attempt', async () => {
    const runId = await runThatIs([])
    await ask('pauseRun', runId)
    expect((await ask('resumeRun', runId)).run).toMatchObject({ status: 'QUEUED', attempt: 1 })
  })

  it('that is about to pause lets it go on', async () => {
    const runId = await runThatIs([...TRAINING, 'PAUSING'])
    expect((await ask('resumeRun', runId)).run.status).toBe('RUNNING')
  })

  it('that has failed is refused in words', async () => {
    const { errors } = await ask('resumeRun', await runThatIs([...TRAINING, 'FAILED']))
    expect(errors[0]).toMatchObject({ code: 'CONFLICT', message: expect.stringMatching(/retryRun/) })
  })
})

describe('trying a run again', () => {
  const measure = async (runId: string) => {
    const row = { teamId: ada.teamId, runId, step: 3 }
    const kept = { epoch: 1, sha256: 'c'.repeat(64), byteLength: 10n }
    await server.database.checkpoint.create({ data: { ...row, ...kept } })
    const loss = { student: 0, name: 'loss', firstStep: 2, lastStep: 3, steps: [2, 3], values: [1, 1] }
    await server.database.metricChunk.create({
      data: { teamId: ada.teamId, runId, ...loss, eventSeq: 1 },
    })
    const hits = { step: 3, student: 0, hits: [1, 1] }
    await server.database.classHits.create({ data: { teamId: ada.teamId, runId, ...hits } })
    await server.database.run.update({ where: { id: runId }, data: { step: 3, epoch: 1 } })
  }
  const countsOf = async (runId: string) => [
    await server.database.checkpoint.count({ where: { runId } }),
    await server.database.metricChunk.count({ where: { runId } }),
    await server.database.classHits.count({ where: { runId } }),
    (await server.database.run.findUniqueOrThrow({ where: { id: runId } })).step,
  ]

  it.each(['FAILED', 'CANCELED'] as const)('that is %s goes on from its last checkpoint', async (end) => {
    const runId = await runThatIs([...TRAINING, end])
    await measure(runId)
    const first = await ask('retryRun', runId, { from: 'LAST_CHECKPOINT' })
    expect(first).toMatchObject({ errors: [], run: { status: 'QUEUED', attempt: 2, failure: null } })
    expect(await countsOf(runId)).toEqual([1, 1, 1, 3])
    expect(await ask('retryRun', runId)).toEqual(first)
  })

  it('from scratch forgets what it had measured and saved', async () => {
    const runId = await runThatIs([...TRAINING, 'FAILED'])
    await measure(runId)
    expect((await ask('retryRun', runId, { from: 'SCRATCH' })).run.status).toBe('QUEUED')
    expect(await countsOf(runId)).toEqual([0, 0, 0, 0])
  })

  it.each([
    ['has succeeded', [...TRAINING, 'SUCCEEDED'], /cloneRun/],
    ['is paused', [...TRAINING, 'PAUSED'], /resumeRun/],
  ] as [string, Way, RegExp][])('that %s is refused in words', async (_, way, words) => {
    const { errors } = await ask('retryRun', await runThatIs(way))
    expect(errors[0]).toMatchObject({ code: 'CONFLICT', message: expect.stringMatching(words) })
  })

  it('is told to whoever followed the run from its beginning', async () => {
    const runId = await runThatIs([])
    await ask('cancelRun', runId)
    await ask('retryRun', runId)
    const query = `subscription ($id: ID!) { runEvents(runId: $id, afterSeq: 0) {
      seq ... on RunStatusChanged { status } } }`
    const told: string[] = []
    for await (const { data } of ada.api.listen(query, { id: runId })) {
      told.push(data.runEvents.status)
      if (told.length === 2) break
    }
    expect(told).toEqual(['CANCELED', 'QUEUED'])
  })
})

describe('cloning a run', () => {
  it('queues another with the same order, but for the changes', async () => {
    const runId = await runThatIs([...TRAINING, 'SUCCEEDED'])
    const fields =
      'run { id number status seed threadsPerOperation recipe cohort { id } datasetVersion { id } }'
    await server.database.run.update({ where: { id: runId }, data: { threadsPerOperation: 3 } })
    const changed = { runId, seed: 9, recipe: { epochs: 2 } }
    const { run, errors } = await ada.api.mutate('cloneRun', changed, fields)
    expect(errors).toEqual([])
    const original = await server.database.run.findUniqueOrThrow({ where: { id: runId } })
    expect(run.id).not.toBe(runId)
    expect(run).toMatchObject({
      status: 'QUEUED',
      seed: 9,
      // What it is compared with was rounded by as many.
      threadsPerOperation: 3,
      recipe: { ...(original.recipe as object), epochs: 2 },
      cohort: { id: parts.cohortId },
      datasetVersion: { id: parts.versionId },
    })
    const same = await ada.api.mutate('cloneRun', { runId }, fields)
    expect(same.run).toMatchObject({ seed: original.seed, recipe: original.recipe })
  })

  it('with one idempotency key makes one run', async () => {
    const runId = await runThatIs([])
    const answers = [await ask('cloneRun', runId, { idempotencyKey: 'c' })]
    answers.push(await ask('cloneRun', runId, { idempotencyKey: 'c' }))
    expect(answers[1].run.id).toBe(answers[0].run.id)
  })

  it.each([
    ['an unknown key', { recipe: { epochz: 1 } }, ['recipe', 'epochz']],
    ['a batch larger than the images', { recipe: { batchSize: 301 } }, ['recipe', 'batchSize']],
    ['a negative seed', { seed: -1 }, ['seed']],
  ])('with %s is refused by name', async (_, wrong, path) => {
    const { run, errors } = await ask('cloneRun', await runThatIs([]), wrong)
    expect(run).toBeNull()
    expect(errors[0]).toMatchObject({ code: 'INVALID_INPUT', path })
  })
})

describe('the priority of a run', () => {
  it('decides who is before whom in the queue', async () => {
    const [early, late] = [await runThatIs([]), await runThatIs([])]
    const positionOf = async (id: string) =>
      (await ada.api.ask('query ($id: ID!) { node(id: $id) { ... on Run { queuePosition } } }', { id })).node
        .queuePosition
    expect(await positionOf(late)).toBeGreaterThan(await positionOf(early))
    const { run, errors } = await ask('setRunPriority', late, { priority: 5 })
    expect([run.priority, errors]).toEqual([5, []])
    expect(await positionOf(late)).toBeLessThan(await positionOf(early))
  })

  it('has bounds', async () => {
    const { errors } = await ask('setRunPriority', await runThatIs([]), { priority: 101 })
    expect(errors[0]).toMatchObject({ code: 'INVALID_INPUT', path: ['priority'] })
  })
})

describe('canceling a run', () => {
  it('ends the attempt that is under way', async () => {
    const runId = await runThatIs(TRAINING)
    await ask('cancelRun', runId)
    expect(await attemptsOf(runId)).toMatchObject([{ outcome: 'CANCELED', endedAt: expect.any(Date) }])
  })
})

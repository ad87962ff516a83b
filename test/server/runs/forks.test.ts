import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../../contract/ids.ts'
import { lockRun } from '../../../runs/locked-run.ts'
import { readFork } from '../../../server/use-cases/forks/read-fork.ts'
import { collectBlobs } from '../../../workers/jobs/collect-blobs.ts'
import { countWaiting } from '../../database.ts'
import { EVALUATION, insertFinishedRun } from '../rows.ts'
import { type Person, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
let ada: Person
beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
})
afterAll(() => server.stop())

const FIELDS =
  'run { id number status seed recipe cohort { id } fork { step left run { id } } checkpoints { kind step } }'
const fork = (input: object, by = ada) => by.api.mutate('forkRun', input, FIELDS)

/** A finished run of ada and grace with checkpoints after steps, whose files are in the storage. */
async function forkable(steps = [2, 4]) {
  const made = await insertFinishedRun(server.database, server.storage, ada)
  const hashes: string[] = []
  for (const step of steps) {
    const content = Buffer.from(`checkpoint ${step} of ${made.runId}`)
    await server.storage.put(Readable.from([content]))
    const sha256 = createHash('sha256').update(content).digest('hex')
    const row = { teamId: ada.teamId, runId: made.runId, step, epoch: 1, sha256, byteLength: 10n }
    await server.database.checkpoint.create({ data: row })
    hashes.push(sha256)
  }
  await server.database.run.update({
    where: { id: made.runId },
    data: { threadsPerOperation: 3, engineBuild: 'build', executionMode: 'PLAIN' },
  })
  return { ...made, hashes }
}

async function cohortOf(names: string[], architecture = 'resnet-8', by = ada): Promise<string> {
  const students = names.map((name) => ({ name, architecture }))
  const teaching = { method: names.length > 1 ? 'MUTUAL' : 'INDEPENDENT' }
  const input = { teamId: by.teamId, name: newId('Cohort'), students, teaching }
  return (await by.api.mutate('createCohort', input, 'cohort { id }')).cohort.id
}

describe('a fork', () => {
  it('goes on from a checkpoint, which is its own from then on, whatever becomes of the run', async () => {
    const { runId, hashes } = await forkable()
    const cohortId = await cohortOf(['eve', 'ada'])
    const { run, errors } = await fork({ runId, step: 2, cohortId, recipe: { learningRate: 0.02 } })
    expect(errors).toEqual([])
    expect(run).toMatchObject({
      ...{ status: 'QUEUED', cohort: { id: cohortId }, recipe: { learningRate: 0.02 } },
      fork: { step: 2, left: ['grace'], run: { id: runId } },
      checkpoints: [{ kind: 'ORIGIN', step: 2 }],
    })
    const where = { id: run.id }
    const row = await server.database.run.findUniqueOrThrow({ where })
    expect(row).toMatchObject({
      ...{ threadsPerOperation: 3, engineBuild: 'build', executionMode: 'PLAIN', forkedFromId: runId },
      fork: { sha256: hashes[0], step: 2, joined: { eve: 2 } },
    })
    expect((await ada.api.mutate('deleteRun', { runId }, 'deletedId')).deletedId).toBe(runId)
    await collectBlobs(server.database, server.storage, 0)
    expect(await server.storage.has(hashes[0]!)).toBe(true)
    expect(await server.storage.has(hashes[1]!)).toBe(false)
    // From scratch is from there.
    await ada.api.mutate('cancelRun', { runId: run.id })
    const retried = await ada.api.mutate('retryRun', { runId: run.id, from: 'SCRATCH' }, FIELDS)
    expect(retried.run).toMatchObject({
      ...{ status: 'QUEUED', checkpoints: [{ kind: 'ORIGIN', step: 2 }] },
      fork: { step: 2, left: [], run: null },
    })
  })

  it('is one for one key, though asked for twice at once, and again when the checkpoint has made place', async () => {
    const { runId } = await forkable()
    const asked = { runId, step: 4, idempotencyKey: 'fork' }
    const both = await Promise.all([fork(asked), fork(asked)])
    await server.database.checkpoint.deleteMany({ where: { runId } })
    const later = await fork(asked)
    expect(new Set([...both, later].map(({ run }) => run?.id)).size).toBe(1)
    expect((await fork({ ...asked, step: 2 })).errors[0]).toMatchObject({ path: ['step'] })
  })

  it('of a fork remembers who joined when', async () => {
    const { runId } = await forkable()
    const { run } = await fork({ runId, step: 4, cohortId: await cohortOf(['ada', 'eve']) })
    const row = {
      teamId: ada.teamId,
      runId: run.id,
      step: 6,
      epoch: 1,
      sha256: '0'.repeat(64),
      byteLength: 1n,
    }
    const sha256 = createHash('sha256').update('later').digest('hex')
    await server.storage.put(Readable.from(['later']))
    await server.database.checkpoint.create({ data: { ...row, sha256 } })
    const { run: next } = await fork({ runId: run.id, cohortId: await cohortOf(['eve', 'fay']) })
    const { fork: stored } = await server.database.run.findUniqueOrThrow({ where: { id: next.id } })
    expect(stored).toEqual({ sha256, step: 6, joined: { eve: 4, fay: 6 } })
    // Its origin is the run's, of which the fork's cohort knows nothing.
    expect((await fork({ runId: run.id, step: 4 })).errors[0].message).toMatch(
      /no checkpoint of step 4: it has those of steps 6/,
    )
  })
})

describe('a fork of a run that is trained', () => {
  it('waits for its worker, which drops the checkpoint meanwhile, and neither fails the other', async () => {
    const { runId } = await forkable()
    let asked: ReturnType<typeof fork> | undefined
    await server.database.$transaction(async (tx) => {
      await lockRun(tx, runId)
      asked = fork({ runId, step: 2 })
      await expect.poll(() => countWaiting(server.database)).toBe(1)
      await tx.checkpoint.delete({ where: { runId_step: { runId, step: 2 } } })
    })
    expect((await asked)?.errors).toMatchObject([{ code: 'CONFLICT', path: ['step'] }])
  })
})

describe('what is told of a fork', () => {
  it('reads curves only where it is compared, which is dear', async () => {
    const { runId } = await forkable()
    const { run } = await fork({ runId, step: 2 })
    let curvesRead = 0
    const counting = server.database.$extends({
      query: {
        metricChunk: {
          $allOperations({ args, query }) {
            curvesRead++
            return query(args)
          },
        },
      },
    })
    const row = await server.database.run.findUniqueOrThrow({ where: { id: run.id } })
    const told = await readFork(counting as never, row)
    expect([told?.step, curvesRead]).toEqual([2, 0])
    expect(await told?.compare()).toBeNull()
    expect(curvesRead).toBeGreaterThan(0)
    const list = (fields: string) =>
      ada.api.send(
        `query ($id: ID!) { node(id: $id) { ... on Team { runs(first: 100) { nodes { fork { ${fields} } } } } } }`,
        { id: ada.teamId },
      )
    expect((await list('step')).errors).toBeUndefined()
    expect((await list('comparison { step }')).errors?.[0]?.message).toMatch(/could bring .* things/)
  })
})

describe('a fork is refused by name', () => {
  it.each<[string, object, { path: string[]; message: RegExp }]>([
    [
      'a step without a checkpoint',
      { step: 3 },
      { path: ['step'], message: /has no checkpoint of step 3: it has those of steps 4, 2\./ },
    ],
    [
      'another batch',
      { recipe: { batchSize: 10 } },
      { path: ['recipe', 'batchSize'], message: /order of images would be another/ },
    ],
    ['an unknown key', { recipe: { epochz: 1 } }, { path: ['recipe', 'epochz'], message: /./ }],
  ])('for %s', async (_, changes, { path, message }) => {
    const { runId } = await forkable()
    const { run, errors } = await fork({ runId, ...changes })
    expect(run).toBeNull()
    expect(errors[0]).toMatchObject({ path, message: expect.stringMatching(message) })
  })

  it('where nobody stays, or somebody would be another network', async () => {
    const { runId } = await forkable()
    const strangers = await fork({ runId, cohortId: await cohortOf(['eve', 'fay']) })
    expect(strangers.errors[0]).toMatchObject({
      path: ['cohortId'],
      message: expect.stringMatching(/Nobody of the run stays/),
    })
    const larger = await fork({ runId, cohortId: await cohortOf(['ada', 'eve'], 'resnet-14') })
    expect(larger.errors[0].message).toMatch(/ada is a resnet-8 in the run and cannot stay as a resnet-14/)
  })

  it.each([
    ['BEST', 1],
    ['LAST', 3],
  ])(
    'where the run had stopped early and nothing would be waited for, delivering the %s',
    async (checkpoint, epoch) => {
      const { runId } = await forkable()
      const { recipe } = await server.database.run.findUniqueOrThrow({ where: { id: runId } })
      const best = { validationCount: 30, validationTop1: checkpoint === 'BEST' ? 0.9 : null }
      const delivered = { checkpoint, step: 4, epoch, ...best, stoppedAfterEpoch: 3 }
      const stopped = { step: 4, evaluation: { ...EVALUATION, delivered } }
      const patient = { ...(recipe as object), earlyStoppingEpochs: 2 }
      await server.database.run.update({ where: { id: runId }, data: { ...stopped, recipe: patient } })
      expect((await fork({ runId })).errors[0]).toMatchObject({
        path: ['recipe', 'earlyStoppingEpochs'],
        message: expect.stringMatching(
          /stopped early at this checkpoint, after 2 epochs without improvement/,
        ),
      })
      const cohortId = await cohortOf(['ada', 'eve'])
      for (const other of [{ earlyStoppingEpochs: 3 }, { earlyStoppingEpochs: null }])
        expect((await fork({ runId, recipe: other })).errors).toEqual([])
      for (const other of [{ step: 2 }, { cohortId }])
        expect((await fork({ runId, ...other })).errors).toEqual([])
    },
  )

  it('where there is no checkpoint, or its file is gone, or things are another team’s', async () => {
    const none = await forkable([])
    expect((await fork({ runId: none.runId })).errors[0].message).toMatch(
      /has no checkpoint: it has none yet/,
    )
    const { runId, hashes } = await forkable()
    await server.storage.remove(hashes[1]!)
    expect((await fork({ runId })).errors[0]).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/missing from the storage/),
    })
    const other = await server.signUp('Other')
    expect((await fork({ runId }, other)).errors[0].code).toBe('NOT_FOUND')
    const cohortId = await cohortOf(['ada', 'eve'], 'resnet-8', other)
    expect((await fork({ runId, step: 2, cohortId })).errors[0]).toMatchObject({
      code: 'NOT_FOUND',
      path: ['cohortId'],
    })
  })
})

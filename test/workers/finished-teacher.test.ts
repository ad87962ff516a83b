import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readOptions } from '../../cli/train/read-options.ts'
import { showAsJson } from '../../cli/train/show-training.ts'
import { trainOnDisk } from '../../cli/train/train-on-disk.ts'
import { newId } from '../../contract/ids.ts'
import { openLog } from '../../logging/open-log.ts'
import { readReceipt } from '../../server/use-cases/runs/read-receipt.ts'
import { readZipEntry } from '../../storage/read-zip-entry.ts'
import { collectBlobs } from '../../workers/jobs/collect-blobs.ts'
import { trainingEnvironment } from '../../workers/training/training-environment.ts'
import { type RunningWorker, startWorker } from '../../workers/worker.ts'
import { type Person, startTestServer, type TestServer } from '../server/test-server.ts'
import { twoClasses, writeZip } from './datasets/pictures.ts'
import { createReadyVersion, createRun } from './rows.ts'
import { waitUntil } from './wait-until.ts'
import { workerConfig } from './worker-config.ts'

let server: TestServer
let worker: RunningWorker
let ada: Person
let folder: string
let versionId: string
let modelId: string

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.signUp()
  folder = await mkdtemp(path.join(tmpdir(), 'finished-teacher-'))
  const archive = await writeZip(path.join(folder, 'tiny.zip'), await twoClasses(32))
  versionId = await createReadyVersion(server.database, ada, server.storage, archive)
  worker = await startWorker(
    workerConfig(server.databaseUrl, folder, server.config.storage),
    openLog('worker', 'silent'),
  )
  const architectures = ['convnet-0.25']
  const teaching = { method: 'INDEPENDENT' } as const
  const runId = await createRun(server.database, ada, versionId, { architectures, teaching })
  await waitForEnd(runId)
  modelId = (await server.database.model.findFirstOrThrow({ where: { runId } })).id
}, 90_000)

afterAll(async () => {
  await worker?.close()
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

async function waitForEnd(runId: string) {
  return waitUntil(
    'the run has ended',
    () => server.database.run.findFirst({ where: { id: runId, finishedAt: { not: null } } }),
    60_000,
  )
}

const cohortOf = (finishedModelId: string, more: object = {}, by = ada) =>
  by.api.mutate(
    'createCohort',
    {
      teamId: by.teamId,
      name: newId('Cohort'),
      students: [
        { name: 'teacher', architecture: 'convnet-0.25', finishedModelId, ...more },
        { name: 'pupil', architecture: 'convnet-0.25' },
      ],
      teaching: { method: 'DISTILLATION' },
    },
    'cohort { id students { name finishedModel { id } } }',
  )

const start = (cohortId: string, datasetVersionId: string) =>
  ada.api.mutate(
    'startRun',
    {
      cohortId,
      datasetVersionId,
      preset: 'quick',
      seed: 7,
      recipe: { epochs: 2, batchSize: 16, schedule: { kind: 'CONSTANT' } },
    },
    'run { id progress { epochs } }',
  )

async function entryOf(id: string, name: string): Promise<Buffer> {
  const { sha256 } = await server.database.artifact.findFirstOrThrow({
    where: { modelId: id, format: 'SAFETENSORS' },
  })
  return (await readZipEntry(await server.storage.fetchLocal(sha256), name, 1e9))!
}

const weightsOf = async (id: string) => behindHeader(await entryOf(id, 'model.safetensors'))

/** The header tells what the model's own run measured. */
function behindHeader(content: Buffer): Buffer {
  return content.subarray(8 + Number(content.readBigUInt64LE()))
}

it('teaches the others of a new cohort as it is, in half the epochs of a teacher that is trained first', async () => {
  const { cohort, errors } = await cohortOf(modelId)
  expect(errors).toEqual([])
  expect(cohort.students).toEqual([
    { name: 'teacher', finishedModel: { id: modelId } },
    { name: 'pupil', finishedModel: null },
  ])
  const { run } = await start(cohort.id, versionId)
  expect(run.progress.epochs).toBe(2)
  expect(await waitForEnd(run.id)).toMatchObject({ status: 'SUCCEEDED', epoch: 2 })
  const models = await server.database.model.findMany({
    where: { runId: run.id },
    orderBy: { student: { position: 'asc' } },
  })
  expect(await weightsOf(models[0]!.id)).toEqual(await weightsOf(modelId))
  expect(await weightsOf(models[1]!.id)).not.toEqual(await weightsOf(modelId))
  const taught = await server.database.metricChunk.findMany({
    where: { runId: run.id, name: 'mutualLoss' },
  })
  expect(new Set(taught.map(({ student }) => student))).toEqual(new Set([1]))
}, 90_000)

it.each([
  [
    'of another architecture',
    { architecture: 'convnet-0.5' },
    'INVALID_INPUT',
    /is a convnet-0\.25, not a convnet-0\.5/,
  ],
  ['that does not exist', { finishedModelId: newId('Model') }, 'NOT_FOUND', /model/],
])('is refused where it is one %s', async (_, more, code, words) => {
  const { cohort, errors } = await cohortOf(modelId, more)
  expect(cohort).toBeNull()
  expect(errors).toEqual([
    { code, message: expect.stringMatching(words), path: ['students', '0', 'finishedModelId'] },
  ])
})

it('is refused where it is another team’s, in the same words as one that does not exist', async () => {
  const grace = await server.signUp('Grace')
  const { errors } = await cohortOf(modelId, {}, grace)
  const { errors: missing } = await cohortOf(newId('Model'), {}, grace)
  expect(errors).toEqual(missing)
})

it('is refused on images that it was not trained for', async () => {
  const { cohort } = await cohortOf(modelId)
  const archive = await writeZip(path.join(folder, 'brighter.zip'), await twoClasses(40))
  const other = await createReadyVersion(server.database, ada, server.storage, archive)
  const { run, errors } = await start(cohort.id, other)
  expect(run).toBeNull()
  expect(errors[0]).toMatchObject({ code: 'INVALID_INPUT', path: ['datasetVersionId'] })
  expect(errors[0].message).toMatch(/The teacher teacher is a finished model of other data/)
})

it('gives its weights to students of other images, who are told of in cohort, log, receipt and card', async () => {
  const archive = await writeZip(path.join(folder, 'others.zip'), await twoClasses(40))
  const other = await createReadyVersion(server.database, ada, server.storage, archive)
  const student = { architecture: 'convnet-0.25', startModelId: modelId, frozenEpochs: 1 }
  const students = ['first', 'second'].map((name) => ({ ...student, name }))
  const input = { teamId: ada.teamId, name: newId('Cohort'), students }
  const told = 'cohort { id students { start { name modelId sha256 frozenEpochs channelMeans } } }'
  const { cohort, errors } = await ada.api.mutate('createCohort', input, told)
  expect(errors).toEqual([])
  const [{ start: begun }] = cohort.students
  expect(begun).toMatchObject({ modelId, frozenEpochs: 1, name: expect.stringMatching(/of run 1$/) })

  const { run } = await start(cohort.id, other)
  expect(await waitForEnd(run.id)).toMatchObject({ status: 'SUCCEEDED' })
  const receipt = await readReceipt(server.database, run.id)
  expect(receipt?.cohort.students.map(({ start }) => start?.sha256)).toEqual([begun.sha256, begun.sha256])
  const logged = await server.database.runEvent.findMany({ where: { runId: run.id, kind: 'LOG' } })
  expect(JSON.stringify(logged)).toContain('17 of 17 tensors match')
  const { sha256 } = await server.database.artifact.findFirstOrThrow({
    where: { model: { runId: run.id }, format: 'SAFETENSORS' },
  })
  const card = await readZipEntry(await server.storage.fetchLocal(sha256), 'README.md', 1e6)
  expect(card!.toString()).toContain(`sha256 \`${begun.sha256}\``)
}, 90_000)

it('given to the service as a file, begins a run that comes to the same bits as the command’s with --start', async () => {
  const file = path.join(folder, 'given.safetensors')
  const content = await entryOf(modelId, 'model.safetensors')
  await writeFile(file, content)
  const hash = createHash('sha256').update(content).digest('hex')
  const begin = { teamId: ada.teamId, fileName: 'given.safetensors', byteLength: content.length }
  const { upload } = await ada.api.mutate(
    'createUpload',
    { ...begin, purpose: 'WEIGHTS' },
    'upload { id url }',
  )
  await fetch(server.at(upload.url), {
    method: 'PATCH',
    headers: {
      ...{ ...ada.api.headers, 'tus-resumable': '1.0.0', 'upload-offset': '0' },
      'content-type': 'application/offset+octet-stream',
    },
    body: new Uint8Array(content),
  })
  await ada.api.mutate('finalizeUpload', { uploadId: upload.id, sha256: hash })
  const said = { name: 'Given', licence: 'CC-BY-4.0', origin: 'https://example.org/given' }
  const taken = { teamId: ada.teamId, uploadId: upload.id, ...said }
  const { givenWeights } = await ada.api.mutate('createGivenWeights', taken, 'givenWeights { id }')
  const { id } = givenWeights
  const read = await waitUntil('a worker has looked at it', () =>
    server.database.givenWeights.findFirst({ where: { id, status: { not: 'PENDING' } } }),
  )
  expect(read).toMatchObject({ status: 'READY', refusal: null, inspection: { classes: ['cat', 'dog'] } })

  const create = (student: object) =>
    ada.api.mutate(
      'createCohort',
      {
        ...{ teamId: ada.teamId, name: newId('Cohort'), teaching: { method: 'INDEPENDENT' } },
        students: [{ name: 'student-1', architecture: 'convnet-0.25', startWeightsId: id, ...student }],
      },
      'cohort { id students { start { weightsId origin licence } } }',
    )
  expect((await create({ architecture: 'resnet-8' })).errors).toMatchObject([
    {
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/^Given does not fit a resnet-8\. It fits convnet-0\.25/),
    },
  ])
  expect((await create({ startModelId: modelId })).errors).toMatchObject([
    { path: ['students', '0', 'startWeightsId'], message: expect.stringContaining('name one') },
  ])
  const { cohort } = await create({ frozenEpochs: 1 })
  expect(cohort.students).toEqual([
    { start: { weightsId: id, origin: 'https://example.org/given', licence: 'CC-BY-4.0' } },
  ])
  // What it began with stays, for its runs.
  await ada.api.mutate('deleteGivenWeights', { givenWeightsId: id })
  await collectBlobs(server.database, server.storage, -60_000)
  const { run } = await start(cohort.id, versionId)
  const [ended] = await Promise.all([waitForEnd(run.id), byTheCommand(file)])
  expect(ended).toMatchObject({ status: 'SUCCEEDED', seed: 7 })
  const { id: made } = await server.database.model.findFirstOrThrow({ where: { runId: run.id } })
  const commanded = await readFile(
    path.join(folder, 'out', 'student-1-convnet-0.25-safetensors', 'model.safetensors'),
  )
  expect(await weightsOf(made)).toEqual(behindHeader(commanded))
  expect(await weightsOf(made)).not.toEqual(await weightsOf(modelId))
  const card = await entryOf(made, 'README.md')
  expect(card.toString()).toContain(`sha256 \`${hash}\`; from https`)
  expect(card.toString()).toContain('Given (CC\\-BY\\-4\\.0), whose licence holds for it as well')
}, 120_000)

/** `npm run train` with the same file, data, recipe and seed. */
async function byTheCommand(file: string): Promise<void> {
  const options = readOptions([
    ...['--data', path.join(folder, 'tiny.zip'), '--students', 'convnet-0.25', '--method', 'INDEPENDENT'],
    ...['--start', file, '--freeze', '1', '--seed', '7', '--recipe', 'quick', '--formats', 'safetensors'],
    ...[
      '--set',
      'epochs=2',
      'batchSize=16',
      'schedule={"kind":"CONSTANT"}',
      '--out',
      path.join(folder, 'out'),
    ],
  ])
  await trainOnDisk(options!, trainingEnvironment(process.env), showAsJson(), new AbortController().signal)
}

it('gives its weights to the arms of an experiment, once for each cohort, and is refused by the arm’s name', async () => {
  const other = { name: 'only', architecture: 'convnet-0.25' }
  const student = { ...other, startModelId: modelId, frozenEpochs: 2 }
  const arms = [
    { name: 'from scratch', students: [other], teaching: { method: 'INDEPENDENT' } },
    { name: 'begun', students: [student], teaching: { method: 'INDEPENDENT' } },
    { name: 'begun again', students: [student], teaching: { method: 'INDEPENDENT' } },
  ]
  const recipe = { preset: 'quick', overrides: { epochs: 1, batchSize: 8, schedule: { kind: 'CONSTANT' } } }
  const experiment = { title: 'Does it help?', recipe, conditions: [{ name: 'clean' }], arms, seeds: [1] }
  const begin = (content: object) =>
    ada.api.mutate(
      'startExperiment',
      // There is no such worker: nothing of it is trained.
      { datasetVersionId: versionId, experiment: content, device: 'GPU' },
      'experiment { trials { arm run { cohort { id students { start { modelId frozenEpochs } } } } } }',
    )
  const { experiment: started, errors } = await begin(experiment)
  expect(errors).toEqual([])
  const [scratch, begun, again] = started.trials.map(({ run }: { run: { cohort: object } }) => run.cohort)
  expect(scratch.students).toEqual([{ start: null }])
  expect(begun.students).toEqual([{ start: { modelId, frozenEpochs: 2 } }])
  expect(again.id).toBe(begun.id)

  const wrong = { ...arms[1]!, students: [{ ...student, architecture: 'convnet-0.5' }] }
  const refused = await begin({ ...experiment, arms: [wrong] })
  expect(refused.errors).toMatchObject([
    {
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/^Arm begun: The finished model is a convnet-0\.25/),
      path: ['experiment', 'arms', '0', 'students', '0', 'startModelId'],
    },
  ])
})

it('is refused to a student that it does not fit, and to one who is to be frozen with nothing', async () => {
  const create = (student: object) =>
    ada.api.mutate(
      'createCohort',
      {
        teamId: ada.teamId,
        name: newId('Cohort'),
        students: [{ name: 'only', architecture: 'convnet-0.5', ...student }],
        teaching: { method: 'INDEPENDENT' },
      },
      'cohort { id }',
    )
  expect((await create({ startModelId: modelId })).errors).toMatchObject([
    { code: 'INVALID_INPUT', path: ['students', '0', 'startModelId'] },
  ])
  expect((await create({ frozenEpochs: 2 })).errors).toMatchObject([
    { code: 'INVALID_INPUT', path: ['students', '0', 'frozenEpochs'] },
  ])
})

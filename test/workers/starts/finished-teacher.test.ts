import { mkdtemp, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { trainAgain } from '../../../cli/verify/train-again.ts'
import { newId } from '../../../contract/ids.ts'
import type { SignedReceipt } from '../../../contract/runs/receipt.ts'
import { readReceipt } from '../../../server/use-cases/runs/read-receipt.ts'
import { readZipEntry } from '../../../storage/read-zip-entry.ts'
import type { Person, TestServer } from '../../server/test-server.ts'
import { twoClasses, writeZip } from '../datasets/pictures.ts'
import { createReadyVersion } from '../rows.ts'
import { TrainedModelScene } from './trained-model.ts'

let scene: TrainedModelScene
let server: TestServer
let ada: Person
let folder: string
let versionId: string
let modelId: string

beforeAll(async () => {
  ;({ scene, modelId } = await TrainedModelScene.open())
  ;({ server, ada, folder, versionId } = scene)
}, 90_000)
afterAll(() => scene?.close())

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
      recipe: { epochs: 2, batchSize: 16, schedule: { kind: 'CONSTANT' } },
    },
    'run { id progress { epochs } }',
  )

it('teaches the others of a new cohort as it is, in half the epochs of a teacher that is trained first', async () => {
  const { cohort, errors } = await cohortOf(modelId)
  expect(errors).toEqual([])
  expect(cohort.students).toEqual([
    { name: 'teacher', finishedModel: { id: modelId } },
    { name: 'pupil', finishedModel: null },
  ])
  const { run } = await start(cohort.id, versionId)
  expect(run.progress.epochs).toBe(2)
  expect(await scene.waitForEnd(run.id)).toMatchObject({ status: 'SUCCEEDED', epoch: 2 })
  const models = await server.database.model.findMany({
    where: { runId: run.id },
    orderBy: { student: { position: 'asc' } },
  })
  expect(await scene.weightsOf(models[0]!.id)).toEqual(await scene.weightsOf(modelId))
  expect(await scene.weightsOf(models[1]!.id)).not.toEqual(await scene.weightsOf(modelId))
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
  expect(await scene.waitForEnd(run.id)).toMatchObject({ status: 'SUCCEEDED' })
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

it('a fork goes on with who stays to the bit, is compared with the run, and is repeated by its receipt', async () => {
  const cohortOfTwo = async (names: string[]) => {
    const students = names.map((name) => ({ name, architecture: 'convnet-0.25' }))
    const input = { teamId: ada.teamId, name: newId('Cohort'), students, teaching: { method: 'INDEPENDENT' } }
    return (await ada.api.mutate('createCohort', input, 'cohort { id }')).cohort.id
  }
  const { run } = await start(await cohortOfTwo(['ada', 'ben']), versionId)
  expect(await scene.waitForEnd(run.id)).toMatchObject({ status: 'SUCCEEDED', step: 8 })
  const asked = { runId: run.id, step: 4, cohortId: await cohortOfTwo(['eve', 'ada']) }
  const { run: fork, errors } = await ada.api.mutate('forkRun', asked, 'run { id }')
  expect(errors).toEqual([])
  expect(await scene.waitForEnd(fork.id)).toMatchObject({ status: 'SUCCEEDED', step: 8 })
  const weightsIn = async (runId: string, name: string) => {
    const model = await server.database.model.findFirstOrThrow({ where: { runId, student: { name } } })
    return scene.weightsOf(model.id)
  }
  expect(await weightsIn(fork.id, 'ada')).toEqual(await weightsIn(run.id, 'ada'))
  const first = await server.database.metricChunk.aggregate({
    where: { runId: fork.id },
    _min: { firstStep: true },
  })
  expect(first._min.firstStep).toBeGreaterThanOrEqual(4)

  const { node } = await ada.api.ask(
    `query ($id: ID!) { node(id: $id) { ... on Run { receiptUrl checkpoints { kind step url }
      fork { step left run { id } students { stays joinedAfterStep student { name } }
        comparison { step run { id } students { here there student { name } } parametersHere parametersThere } } } } }`,
    { id: fork.id },
  )
  expect(node.fork).toMatchObject({ step: 4, left: ['ben'], run: { id: run.id } })
  expect(node.fork.students).toEqual([
    { stays: false, joinedAfterStep: 4, student: { name: 'eve' } },
    { stays: true, joinedAfterStep: null, student: { name: 'ada' } },
  ])
  const { students, parametersHere, parametersThere, ...compared } = node.fork.comparison
  expect(compared).toMatchObject({ step: 8, run: { id: run.id } })
  expect(students).toEqual([{ here: students[0].there, there: students[0].there, student: { name: 'ada' } }])
  expect(parametersHere).toBe(parametersThere)

  const { headers } = ada.api
  const signed = await fetch(server.at(node.receiptUrl), { headers })
  const { receipt } = (await signed.json()) as SignedReceipt
  const { url } = node.checkpoints.find(({ kind }: { kind: string }) => kind === 'ORIGIN')
  const checkpoint = path.join(folder, 'origin.safetensors')
  const downloaded = await fetch(server.at(url), { headers })
  await writeFile(checkpoint, Buffer.from(await downloaded.arrayBuffer()))
  const again = {
    data: path.join(folder, 'tiny.zip'),
    folder: await mkdtemp(path.join(folder, 'again-')),
    mostSteps: null,
  }
  const { signal } = new AbortController()
  await expect(trainAgain(receipt, { ...again, checkpoint: undefined }, signal)).rejects.toThrow(
    /is a fork: it can be repeated from the checkpoint of step 4 of run \d+.* give it with --checkpoint/,
  )
  const verdict = await trainAgain(receipt, { ...again, checkpoint }, signal)
  expect(verdict).toEqual({ isEqual: true, words: 'equal to the bit after all 8 steps' })
}, 120_000)

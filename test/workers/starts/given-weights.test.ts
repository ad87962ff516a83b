import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readOptions } from '../../../cli/train/read-options.ts'
import { showAsJson } from '../../../cli/train/show-training.ts'
import { trainOnDisk } from '../../../cli/train/train-on-disk.ts'
import { newId } from '../../../contract/ids.ts'
import { collectBlobs } from '../../../workers/jobs/collect-blobs.ts'
import { trainingEnvironment } from '../../../workers/training/training-environment.ts'
import type { Person, TestServer } from '../../server/test-server.ts'
import { waitUntil } from '../wait-until.ts'
import { behindHeader, TrainedModelScene } from './trained-model.ts'

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

it('a file given to the service begins a run that comes to the same bits as the command’s with --start', async () => {
  const file = path.join(folder, 'given.safetensors')
  const content = await scene.entryOf(modelId, 'model.safetensors')
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
  expect(read).toMatchObject({ status: 'READY', refusal: null, inspection: { classes: ['dark', 'light'] } })

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
  const [ended] = await Promise.all([scene.waitForEnd(run.id), byTheCommand(file)])
  expect(ended).toMatchObject({ status: 'SUCCEEDED', seed: 7 })
  const { id: made } = await server.database.model.findFirstOrThrow({ where: { runId: run.id } })
  const commanded = await readFile(
    path.join(folder, 'out', 'student-1-convnet-0.25-safetensors', 'model.safetensors'),
  )
  expect(await scene.weightsOf(made)).toEqual(behindHeader(commanded))
  expect(await scene.weightsOf(made)).not.toEqual(await scene.weightsOf(modelId))
  const card = await scene.entryOf(made, 'README.md')
  expect(card.toString()).toContain(`sha256 \`${hash}\`; from \` https://example.org/given \`; licence: CC`)
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

import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { APIRequestContext } from '@playwright/test'
import { unpack } from '../../scripts/demo/download-file.ts'
import { ask } from './ada.ts'

export const SAMPLE_OF_IDENTITIES = 'Omniglot sample'
/** It follows the one of the first steps. */
export const RETRIEVAL_RUN = 2

const SAMPLE = fileURLToPath(new URL('../../samples/omniglot-sample.zip', import.meta.url))
const GALLERY_PICTURE = 'omniglot-sample/bounding_box_test/0001_c1s1_002727_01.jpg'
/** Who is on it. */
export const IDENTITY_IN_GALLERY = '0001'

interface Sample {
  createSampleDataset: { dataset: { versions: { id: string }[] } }
}

/** Adds the sample of identities, whose import goes on beside whatever else does; of Ada's team. */
export async function addSampleOfIdentities(request: APIRequestContext): Promise<string> {
  const input = { teamId: (await teamOf(request)).id, sample: 'OMNIGLOT' }
  const { createSampleDataset } = await ask<Sample>(
    request,
    `mutation ($input: CreateSampleDatasetInput!) { createSampleDataset(input: $input) {
      dataset { versions { id } } errors { message } } }`,
    { input },
  )
  return createSampleDataset.dataset.versions[0]!.id
}

/** Queues a run of two of the smallest students, to be trained while a person looks at other pages. */
export async function startRetrievalRun(request: APIRequestContext, datasetVersionId: string): Promise<void> {
  const { id: teamId } = await teamOf(request)
  const students = ['joan', 'mary'].map((name) => ({ name, architecture: 'convnet-0.25' }))
  const { createCohort } = await ask<{ createCohort: { cohort: { id: string } } }>(
    request,
    `mutation ($input: CreateCohortInput!) { createCohort(input: $input) {
      cohort { id } errors { message } } }`,
    { input: { teamId, name: 'Two who look for others', students } },
  )
  const recipe = { epochs: 1, schedule: { kind: 'CONSTANT' } }
  const input = { cohortId: createCohort.cohort.id, datasetVersionId, preset: 'quick', recipe }
  const { startRun } = await ask<{ startRun: { run: { number: number } | null } }>(
    request,
    `mutation ($input: StartRunInput!) { startRun(input: $input) {
      run { number } errors { message } } }`,
    { input },
  )
  if (startRun.run?.number !== RETRIEVAL_RUN) throw new Error(JSON.stringify(startRun))
}

/** How a run ended, or what it is when the time is over. */
export async function endOfRun(
  request: APIRequestContext,
  number: number,
  timeoutMs = 60_000,
): Promise<string> {
  const query = 'query ($number: Int!) { team(slug: "ada") { run(number: $number) { status } } }'
  for (const startedMs = performance.now(); ; await sleep(250)) {
    const { team } = await ask<{ team: { run: { status: string } } }>(request, query, { number })
    const { status } = team.run
    if (['SUCCEEDED', 'FAILED', 'CANCELED'].includes(status)) return status
    if (performance.now() - startedMs > timeoutMs) return status
  }
}

async function teamOf(request: APIRequestContext): Promise<{ id: string }> {
  return (await ask<{ team: { id: string } }>(request, '{ team(slug: "ada") { id } }')).team
}

/** An image that is in the gallery of the sample, as a file. */
export async function unpackGalleryPicture(folder: string): Promise<string> {
  await unpack(SAMPLE, folder, (name) => name === GALLERY_PICTURE)
  return path.join(folder, GALLERY_PICTURE)
}

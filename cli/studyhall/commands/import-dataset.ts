import { stat } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { typeOfId } from '../../../contract/ids.ts'
import { type ApiClient, ConnectionLost } from '../api/client.ts'
import {
  CreateDatasetDocument,
  CreateDatasetVersionDocument,
  UploadByIdDocument,
  type UploadPartsFragment,
  VersionChangesDocument,
  type VersionPartsFragment,
} from '../api/generated/operations.ts'
import type { TeamClient } from '../api/open-team.ts'
import { archiveFolder } from '../files/archive-folder.ts'
import { type SendOptions, sendUpload } from '../files/send-upload.ts'
import { CommandError, usageError } from '../outcome.ts'
import { listDatasets } from './find.ts'

/** A file, a folder, which is archived first, or the id of an upload that is there already. */
export async function uploadSource(
  client: TeamClient,
  source: string,
  options: SendOptions,
): Promise<UploadPartsFragment> {
  if (typeOfId(source) === 'Upload') return findUpload(client.api, source)
  const found = await stat(source).catch(() => null)
  if (!found) throw usageError(`There is no file or folder ${source}.`)
  if (!found.isDirectory()) return sendUpload(client, source, options)
  const { file, remove } = await archiveFolder(source)
  return sendUpload(client, file, options).finally(remove)
}

async function findUpload(api: ApiClient, id: string): Promise<UploadPartsFragment> {
  const { node } = await api.ask(UploadByIdDocument, { id })
  if (node?.__typename !== 'Upload') throw usageError(`There is no upload ${id}.`)
  return node
}

export interface ImportOptions {
  name: string
  format?: string | undefined
  height?: number | undefined
  width?: number | undefined
  /** Where the team has a dataset of that name: adds a version, unless its newest one is of the same bytes. */
  newVersion: boolean
}

/** Queues the import of an upload as a dataset or as a version of one. */
export async function importUpload(
  client: TeamClient,
  upload: UploadPartsFragment,
  { name, newVersion, ...shape }: ImportOptions,
): Promise<{ version: VersionPartsFragment; isNew: boolean }> {
  const { api, team } = client
  const there = newVersion ? (await listDatasets(client)).find((dataset) => dataset.name === name) : undefined
  if (there) {
    const [newest] = there.versions
    const isSame = newest && newest.upload.sha256 === upload.sha256 && newest.status !== 'FAILED'
    if (isSame) return { version: newest, isNew: false }
    const input = { datasetId: there.id, uploadId: upload.id, ...shape }
    const { createDatasetVersion } = await api.ask(CreateDatasetVersionDocument, { input })
    return { version: required(createDatasetVersion.datasetVersion), isNew: true }
  }
  const input = { teamId: team.id, name, uploadId: upload.id, ...shape }
  const { createDataset } = await api.ask(CreateDatasetDocument, { input })
  return { version: required(createDataset.dataset?.versions[0] ?? null), isNew: true }
}

function required<T>(value: T | null): T {
  if (value === null) throw new Error('the API answered neither with a version nor with an error')
  return value
}

const MOST_ATTEMPTS = 20
const WAIT_MS = 1_000

/** Comes back with the version once it is READY. @throws CommandError with what made its import fail */
export async function waitUntilReady(
  api: ApiClient,
  id: string,
  onProgress: (message: string) => void,
  signal?: AbortSignal,
): Promise<VersionPartsFragment> {
  for (let attempt = 1; ; attempt++) {
    try {
      for await (const { datasetVersionChanged: version } of api.listen(VersionChangesDocument, { id })) {
        signal?.throwIfAborted()
        if (version.status === 'READY') return version
        if (version.status === 'FAILED')
          throw new CommandError('failed', `The import failed: ${version.failure}`)
        onProgress(describeImport(version))
      }
    } catch (error) {
      if (!(error instanceof ConnectionLost) || attempt === MOST_ATTEMPTS) throw error
    }
    await wait(WAIT_MS, undefined, { signal })
  }
}

function describeImport({ progress, status }: VersionPartsFragment): string {
  if (!progress) return status === 'PENDING' ? 'waiting for a worker' : 'importing'
  const { picturesSeen, picturesTotal } = progress
  return `importing ${picturesSeen}${picturesTotal ? ` of ${picturesTotal}` : ''} images`
}

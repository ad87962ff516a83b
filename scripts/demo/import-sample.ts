import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Upload } from 'tus-js-client'
import type { OwnTeam } from './own-team.ts'

const NAME = 'Fashion-MNIST sample'

export interface ReadyVersion {
  id: string
  classes: string[]
  splits: { name: string; count: number }[]
}

const VERSION = 'id status failure classes splits { name count }'

/** Uploads the sample that ships with the project and waits for its import; an earlier demo’s is taken as it is. */
export async function importSample(
  { api, team }: OwnTeam,
  zipFile: URL,
  onProgress: (message: string) => void,
): Promise<ReadyVersion> {
  const found = await findSample({ api, team })
  if (found) return found
  const bytes = await readFile(zipFile)
  const { createUpload } = await api.ask<{ createUpload: { upload: { id: string; url: string } } }>(
    `mutation ($input: CreateUploadInput!) { createUpload(input: $input) { upload { id url } errors { message } } }`,
    { input: { teamId: team.id, fileName: 'fashion-mnist-sample.zip', byteLength: bytes.length } },
  )
  await sendBytes(bytes, new URL(createUpload.upload.url, api.origin).href, api.headers, onProgress)
  await api.ask(
    `mutation ($input: FinalizeUploadInput!) { finalizeUpload(input: $input) { errors { message } } }`,
    { input: { uploadId: createUpload.upload.id, sha256: createHash('sha256').update(bytes).digest('hex') } },
  )
  const { createDataset } = await api.ask<{ createDataset: { dataset: { versions: { id: string }[] } } }>(
    `mutation ($input: CreateDatasetInput!) {
      createDataset(input: $input) { dataset { versions { id } } errors { message } } }`,
    { input: { teamId: team.id, name: await freeName({ api, team }), uploadId: createUpload.upload.id } },
  )
  return waitUntilReady(api, createDataset.dataset.versions[0]!.id, onProgress)
}

async function listDatasets({ api, team }: Pick<OwnTeam, 'api' | 'team'>) {
  type Row = { name: string; latestReadyVersion: ReadyVersion | null }
  const { node } = await api.ask<{ node: { datasets: { nodes: Row[] } } }>(
    `query ($id: ID!) { node(id: $id) { ... on Team {
      datasets(first: 100) { nodes { name latestReadyVersion { ${VERSION} } } } } } }`,
    { id: team.id },
  )
  return node.datasets.nodes
}

async function findSample(team: Pick<OwnTeam, 'api' | 'team'>): Promise<ReadyVersion | null> {
  const datasets = await listDatasets(team)
  return (
    datasets.find((dataset) => dataset.name.startsWith(NAME) && dataset.latestReadyVersion)
      ?.latestReadyVersion ?? null
  )
}

/** A demo cut off in the middle of an import leaves a dataset behind; the next one does not stumble over its name. */
async function freeName(team: Pick<OwnTeam, 'api' | 'team'>): Promise<string> {
  const taken = new Set((await listDatasets(team)).map((dataset) => dataset.name))
  let name = NAME
  for (let n = 2; taken.has(name); n++) name = `${NAME} ${n}`
  return name
}

function sendBytes(
  bytes: Buffer,
  uploadUrl: string,
  headers: Record<string, string>,
  onProgress: (message: string) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    new Upload(bytes, {
      uploadUrl,
      headers,
      uploadSize: bytes.length,
      chunkSize: 1024 * 1024,
      onProgress: (sent, total) => onProgress(`uploading ${Math.round((100 * sent) / (total || 1))} %`),
      onSuccess: () => resolve(),
      onError: reject,
    }).start()
  })
}

/** Comes back with the version once it is READY. Throws what made its import fail. */
export async function waitUntilReady(api: OwnTeam['api'], id: string, onProgress: (message: string) => void) {
  type Version = ReadyVersion & {
    status: string
    failure: string | null
    progress: { picturesSeen: number; picturesTotal: number | null } | null
  }
  const events = api.listen<{ datasetVersionChanged: Version }>(
    `subscription ($id: ID!) { datasetVersionChanged(id: $id) { ${VERSION} progress { picturesSeen picturesTotal } } }`,
    { id },
  )
  for await (const { datasetVersionChanged: version } of events) {
    if (version.status === 'READY') return version
    if (version.status === 'FAILED') throw new Error(`The import failed: ${version.failure}`)
    const { picturesSeen, picturesTotal } = version.progress ?? { picturesSeen: 0, picturesTotal: null }
    onProgress(`importing ${picturesSeen}${picturesTotal ? ` of ${picturesTotal}` : ''} images`)
  }
  throw new Error('The import’s events ended before the import did.')
}

import { fileURLToPath } from 'node:url'
import type { VersionPartsFragment } from '../../cli/studyhall/api/generated/operations.ts'
import type { TeamClient } from '../../cli/studyhall/api/open-team.ts'
import { listDatasets } from '../../cli/studyhall/commands/find.ts'
import { importUpload, uploadSource, waitUntilReady } from '../../cli/studyhall/commands/import-dataset.ts'

const NAME = 'Fashion-MNIST sample'

/** Uploads the sample that ships with the project and waits for its import; an earlier demo’s is taken as it is. */
export async function importSample(
  client: TeamClient,
  zipFile: URL,
  onProgress: (message: string) => void,
): Promise<VersionPartsFragment> {
  const datasets = await listDatasets(client)
  const found = datasets.find(({ name, latestReadyVersion }) => name.startsWith(NAME) && latestReadyVersion)
  const ready = found?.versions.find(({ id }) => id === found.latestReadyVersion?.id)
  if (ready) return ready
  const upload = await uploadSource(client, fileURLToPath(zipFile), {
    onProgress: (sent, total) => onProgress(`uploading ${Math.round((100 * sent) / total)} %`),
  })
  const name = freeName(datasets.map((dataset) => dataset.name))
  const { version } = await importUpload(client, upload, { name, newVersion: false })
  return waitUntilReady(client.api, version.id, onProgress)
}

/** A demo cut off in the middle of an import leaves a dataset behind; the next one does not stumble over its name. */
function freeName(taken: readonly string[]): string {
  let name = NAME
  for (let n = 2; taken.includes(name); n++) name = `${NAME} ${n}`
  return name
}

import type { DatasetPartsFragment } from '../api/generated/operations.ts'
import type { SendOptions } from '../files/send-upload.ts'
import { showTransfer, type TransferProgress } from '../files/transfer-progress.ts'
import { UploadMemory } from '../files/upload-memory.ts'
import { usageError } from '../outcome.ts'
import { textTable } from '../show/text-table.ts'
import type { Surroundings } from '../surroundings.ts'
import { JSON_OPTION, type Register } from './context.ts'
import { findDataset, listDatasets } from './find.ts'
import { importUpload, uploadSource, waitUntilReady } from './import-dataset.ts'

interface ImportCommand {
  name: string
  format?: string
  size?: string
  newVersion?: boolean
  wait?: boolean
  json?: boolean
}

export const registerDataset: Register = (program, { open, surroundings, result }) => {
  program
    .command('upload')
    .description('sends a file, or a folder as a zip; the same command goes on where it was cut off')
    .argument('<path>', 'zip, tar, tar.gz or folder')
    .option(...JSON_OPTION)
    .action(async (source: string, { json }: { json?: boolean }) => {
      const upload = await withProgress(surroundings, async (options) =>
        uploadSource(await open(), source, options),
      )
      result(json, upload, `${upload.id}\n`)
    })

  const dataset = program.command('dataset').description('datasets: list, show, import')

  dataset
    .command('list')
    .description('the team’s datasets, newest first')
    .option(...JSON_OPTION)
    .action(async ({ json }: { json?: boolean }) => {
      const all = await listDatasets(await open())
      result(json, all, datasetTable(all))
    })

  dataset
    .command('show')
    .description('a dataset and its versions')
    .argument('<dataset>', 'name or id')
    .option(...JSON_OPTION)
    .action(async (text: string, { json }: { json?: boolean }) => {
      const found = await findDataset(await open(), text)
      result(json, found, versionTable(found))
    })

  dataset
    .command('import')
    .description('uploads a file or folder and imports it')
    .argument('<source>', 'zip, tar, tar.gz, folder, or the id of an upload')
    .requiredOption('--name <name>', 'of the dataset')
    .option(
      '--new-version',
      'if there is a dataset of that name, add a version unless the newest is of the same bytes',
    )
    .option('--format <format>', 'as the API names it; detected if left out')
    .option(
      '--size <pixels>',
      'width x height of the images: 64x48, or 64; by default what is usual among them',
    )
    .option('--wait', 'until the version can be trained on')
    .option(...JSON_OPTION)
    .action(async (source: string, options: ImportCommand) => {
      const client = await open()
      const shape = readSize(options.size)
      const upload = await withProgress(surroundings, (sending) => uploadSource(client, source, sending))
      const queued = await importUpload(client, upload, {
        name: options.name,
        newVersion: options.newVersion === true,
        ...(options.format && { format: options.format }),
        ...shape,
      })
      const version =
        options.wait && queued.version.status !== 'READY'
          ? await waitUntilReady(client.api, queued.version.id, tellOnce(surroundings), surroundings.signal)
          : queued.version
      const said = queued.isNew ? '' : ', which has these very files'
      result(
        options.json,
        { ...version, isNew: queued.isNew },
        `${version.id}  version ${version.number} of “${options.name}”${said}: ${version.status.toLowerCase()}\n`,
      )
    })
}

/** Does what sends a file, and shows how far it is. */
export async function withProgress<T>(
  surroundings: Surroundings,
  work: (options: SendOptions) => Promise<T>,
): Promise<T> {
  let shown: TransferProgress | undefined
  try {
    return await work({
      memory: new UploadMemory(surroundings.env),
      signal: surroundings.signal,
      onProgress(sent, total) {
        shown ??= showTransfer('uploading', total, surroundings)
        shown.moved(sent)
      },
    })
  } finally {
    shown?.end()
  }
}

function tellOnce({ tell }: Surroundings): (message: string) => void {
  let told = ''
  return (message) => {
    if (message !== told) tell(`  ${message}\n`)
    told = message
  }
}

function readSize(text: string | undefined): { width?: number; height?: number } {
  if (text === undefined) return {}
  const [, width, height = width] = /^(\d{1,4})(?:x(\d{1,4}))?$/.exec(text) ?? []
  if (!width) throw usageError(`--size ${text}: write width x height in pixels, for example 64x48, or 64.`)
  return { width: Number(width), height: Number(height) }
}

function datasetTable(all: readonly DatasetPartsFragment[]): string {
  const rows = all.map(({ id, name, kind, versions }) => {
    const [newest] = versions
    return [id, name, kind.toLowerCase(), newest ? `${newest.number} ${newest.status.toLowerCase()}` : '-']
  })
  return textTable(['id', 'name', 'kind', 'newest version'], rows)
}

function versionTable({ name, kind, versions }: DatasetPartsFragment): string {
  const rows = versions.map((version) => [
    String(version.number),
    version.id,
    version.status.toLowerCase(),
    version.width === null ? '-' : `${version.width}x${version.height}x${version.channels}`,
    String(version.classes.length),
    version.splits.map((split) => `${split.name} ${split.count}`).join(', '),
  ])
  const failures = versions.flatMap(({ number, failure }) =>
    failure ? [`version ${number}: ${failure}\n`] : [],
  )
  const table = textTable(['version', 'id', 'status', 'pixels', 'classes', 'images'], rows)
  return `${name} (${kind.toLowerCase()})\n${table}${failures.join('')}`
}

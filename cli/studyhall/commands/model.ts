import { setTimeout as wait } from 'node:timers/promises'
import { typeOfId } from '../../../contract/ids.ts'
import { EXPORT_FORMATS } from '../../../contract/training.ts'
import type { ApiClient } from '../api/client.ts'
import {
  type ArtifactFormat,
  CreateExportDocument,
  ExportByIdDocument,
  TrainedModelsDocument,
  type TrainedPartsFragment,
} from '../api/generated/operations.ts'
import type { TeamClient } from '../api/open-team.ts'
import { downloadFile } from '../files/download-file.ts'
import { showTransfer, type TransferProgress } from '../files/transfer-progress.ts'
import { CommandError, usageError } from '../outcome.ts'
import { percent, textTable } from '../show/text-table.ts'
import { JSON_OPTION, type Register, readInteger } from './context.ts'
import { findDataset, findRun } from './find.ts'

const FORMAT_NAMES = EXPORT_FORMATS.map((format) => format.toLowerCase().replace('_', '-'))
const EXPORT_POLL_MS = 1_000

export const registerModel: Register = (program, { open, surroundings, result }) => {
  const model = program.command('model').description('trained students and ensembles: list, download')

  model
    .command('list')
    .description('trained students and ensembles, newest first')
    .option('--dataset <dataset>', 'trained on a version of it')
    .option('--alias <name>', 'with this alias')
    .option('--limit <n>', 'at most so many, up to 100', readInteger(1, 100), 20)
    .option(...JSON_OPTION)
    .action(async (options: { dataset?: string; alias?: string; limit: number; json?: boolean }) => {
      const client = await open()
      const { dataset, alias, limit, json } = options
      const datasetId = dataset && (await findDataset(client, dataset)).id
      const all = await listTrained(client, limit, { datasetId, alias })
      result(json, all, modelTable(all))
    })

  model
    .command('download')
    .description('downloads a model, or the rest of one that was cut off, and verifies its hash')
    .argument('<model>', 'id, run/student or run/ensemble (12/ada, latest/ensemble), or @alias')
    .option(
      '--format <format>',
      `${FORMAT_NAMES.join(', ')}; exported first where there is no file yet`,
      'tfjs',
    )
    .option('--out <folder>', 'where it is left', '.')
    .option(...JSON_OPTION)
    .action(async (text: string, options: { format: string; out: string; json?: boolean }) => {
      const format = readFormat(options.format)
      const client = await open()
      const id = await findTrained(client, text)
      await ensureExported(client.api, id, format, surroundings.signal)
      let shown: TransferProgress | undefined
      const file = await downloadFile(client.api, id, options.out, {
        format,
        signal: surroundings.signal,
        onProgress(received, total) {
          shown ??= showTransfer('downloading', total, surroundings)
          shown.moved(received)
        },
      }).finally(() => shown?.end())
      result(options.json, { id, file }, `${file}\n`)
    })
}

function readFormat(text: string): ArtifactFormat {
  const format = EXPORT_FORMATS[FORMAT_NAMES.indexOf(text.toLowerCase())]
  if (!format) throw usageError(`There is no format “${text}”; choose of ${FORMAT_NAMES.join(', ')}.`)
  return format
}

type Trained = TrainedPartsFragment & { __typename: 'Model' | 'Ensemble' }

async function listTrained(
  { api, team }: TeamClient,
  first: number,
  filter: { datasetId?: string | undefined; alias?: string | undefined },
): Promise<Trained[]> {
  const { node } = await api.ask(TrainedModelsDocument, { teamId: team.id, first, filter })
  return node?.__typename === 'Team' ? node.registry.nodes : []
}

async function findTrained(client: TeamClient, text: string): Promise<string> {
  if (['Model', 'Ensemble'].includes(typeOfId(text) ?? '')) return text
  if (text.startsWith('@')) return findByAlias(client, text.slice(1))
  const [, run, student] = /^([^/]+)\/(.+)$/.exec(text) ?? []
  if (!run || !student)
    throw usageError(`“${text}” is no model: write its id, run/student, run/ensemble or @alias.`)
  const { number, models, ensemble } = await findRun(client, run)
  const found = student === 'ensemble' ? ensemble : models.find((each) => each.student.name === student)
  if (found) return found.id
  const names = [...models.map((each) => each.student.name), ...(ensemble ? ['ensemble'] : [])]
  throw usageError(
    `Run ${number} has no “${student}”${names.length ? `; it has ${names.join(', ')}` : ' yet'}.`,
  )
}

async function findByAlias(client: TeamClient, alias: string): Promise<string> {
  const found = await listTrained(client, 100, { alias })
  if (found.length === 1 && found[0]) return found[0].id
  if (found.length === 0) throw usageError(`No model has the alias “${alias}”.`)
  throw usageError(
    `Models of several datasets have the alias “${alias}”: name one by its id. ${found.map(({ id }) => id).join(', ')}`,
  )
}

/** Comes back once there is a file of this format. */
async function ensureExported(
  api: ApiClient,
  id: string,
  format: ArtifactFormat,
  signal: AbortSignal,
): Promise<void> {
  const { createExport } = await api.ask(CreateExportDocument, { input: { id, format } })
  if (createExport.artifact || !createExport.export) return
  for (;;) {
    const { node } = await api.ask(ExportByIdDocument, { id: createExport.export.id })
    if (node?.__typename !== 'Export' || node.status === 'READY') return
    if (node.status === 'FAILED') throw new CommandError('failed', `The export failed: ${node.failure}`)
    await wait(EXPORT_POLL_MS, undefined, { signal })
  }
}

function modelTable(all: readonly Trained[]): string {
  const rows = all.map((trained) => {
    const isEnsemble = trained.__typename === 'Ensemble'
    const top1 =
      'top1' in trained ? trained.top1 : 'meanPosteriorTop1' in trained ? trained.meanPosteriorTop1 : null
    return [
      trained.id,
      `${trained.run.number}/${isEnsemble || !('student' in trained) ? 'ensemble' : trained.student.name}`,
      trained.run.datasetVersion.dataset.name,
      'parameters' in trained ? String(trained.parameters) : '',
      percent(top1 ?? ('meanAveragePrecision' in trained ? trained.meanAveragePrecision : null)),
      trained.aliases.map(({ name }) => `@${name}`).join(' '),
    ]
  })
  return textTable(['id', 'model', 'dataset', 'parameters', 'score', 'aliases'], rows)
}

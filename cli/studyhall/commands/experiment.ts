import type { Command } from 'commander'
import { MOST_FROZEN_EPOCHS } from '../../../contract/starting-weights.ts'
import {
  CancelExperimentDocument,
  ExperimentReportDocument,
  type ExperimentReportFormat,
  StartExperimentDocument,
  type VerdictKind,
} from '../api/generated/operations.ts'
import { pageUrl } from '../api/open-team.ts'
import { usageError } from '../outcome.ts'
import { textTable } from '../show/text-table.ts'
import { type Context, JSON_OPTION, type Register, readInteger } from './context.ts'
import { type DesignOptions, designExperiment } from './design-experiment.ts'
import { findVersion } from './find.ts'
import { findExperiment, listExperiments } from './find-experiment.ts'
import { readDevice } from './run.ts'
import { describeProgress, describeResults, readResults, watchExperiment } from './watch-experiment.ts'

interface StartOptions extends DesignOptions {
  dataset: string
  device?: string
  label?: string
  idempotencyKey?: string
  wait?: boolean
  expect?: VerdictKind
  json?: boolean
}

const ARGUMENT = ['<experiment>', 'number, id, or latest'] as const
const EXPECT = [
  '--expect <verdict>',
  'exit with 4 where the average student’s verdict is another: gain, no-effect-seen, worse',
] as const
const FORMATS: Record<string, ExperimentReportFormat> = { markdown: 'MARKDOWN', latex: 'LATEX', csv: 'CSV' }

export const registerExperiment: Register = (program, context) => {
  const experiment = program
    .command('experiment')
    .description('paired experiments: start, watch, list, show, report, cancel')
  registerStart(experiment, context)
  registerWatch(experiment, context)
  registerLists(experiment, context)
}

function registerStart(experiment: Command, { open, surroundings, result }: Context): void {
  experiment
    .command('start')
    .description(
      'trains the same students in several ways with several seeds, and compares them pair by pair',
    )
    .argument('[file]', 'an experiment’s JSON, as in experiments/; else the options say what is compared')
    .requiredOption('--dataset <dataset>', 'name, name@version, or the id of a version')
    .option('--students <architectures>', 'of each cohort, separated by commas: resnet-8,resnet-8')
    .option('--compare <methods>', 'ways to teach; the first is the control (default: independent,mutual)')
    .option('--seeds <numbers>', 'separated by commas (default: 1,2,3)')
    .option('--title <title>', 'what it asks')
    .option('--recipe <preset>', 'as the page of a new run names them', 'quick')
    .option('--set <key=value...>', 'another value for a key of the recipe: epochs=3', [])
    .option('--start <model>', 'id of a trained model whose weights all students begin with')
    .option(
      '--freeze <epochs>',
      'for so many epochs only layers that are new learn',
      readInteger(0, MOST_FROZEN_EPOCHS),
    )
    .option('--device <kind>', 'CPU or GPU; any if left out')
    .option('--label <label>', 'of the workers that may take its runs; any if left out')
    .option('--idempotency-key <key>', 'repeating a key gives the experiment that it started')
    .option('--wait', 'until all of its runs have ended; the exit code says how')
    .option(...EXPECT, readVerdict)
    .option(...JSON_OPTION)
    .action(async (file: string | undefined, options: StartOptions) => {
      const { wait, json, expect: expected } = options
      if (expected && !wait) throw usageError('--expect needs --wait: there is no verdict before the end.')
      const content = await designExperiment(file, options)
      const client = await open()
      const { startExperiment } = await client.api.ask(StartExperimentDocument, {
        input: {
          datasetVersionId: await findVersion(client, options.dataset),
          experiment: content,
          device: readDevice(options.device),
          label: options.label,
          idempotencyKey: options.idempotencyKey,
        },
      })
      const { experiment: started, warnings } = startExperiment
      if (!started) throw new Error('the API answered neither with an experiment nor with an error')
      for (const warning of warnings) surroundings.tell(`  Warning: ${warning}\n`)
      if (wait) return watchExperiment(client, started.id, surroundings, { json, expected })
      const url = pageUrl(client, `/experiments/${started.number}`)
      result(json, { ...started, url }, `experiment ${started.number}  ${started.id}\n${url}\n`)
    })
}

function registerWatch(experiment: Command, { open, surroundings, result }: Context): void {
  experiment
    .command('watch')
    .description('waits until all runs of an experiment have ended; the exit code says how')
    .argument(...ARGUMENT)
    .option(...EXPECT, readVerdict)
    .option(...JSON_OPTION)
    .action(async (text: string, { json, expect: expected }: { json?: boolean; expect?: VerdictKind }) => {
      const client = await open()
      const { id } = await findExperiment(client, text)
      await watchExperiment(client, id, surroundings, { json, expected })
    })

  experiment
    .command('cancel')
    .description('ends an experiment; what has finished stays')
    .argument(...ARGUMENT)
    .option(...JSON_OPTION)
    .action(async (text: string, { json }: { json?: boolean }) => {
      const client = await open()
      const { id } = await findExperiment(client, text)
      const { cancelExperiment } = await client.api.ask(CancelExperimentDocument, {
        input: { experimentId: id },
      })
      const ended = cancelExperiment.experiment
      result(json, ended, `experiment ${ended?.number}: ${ended?.progress.status.toLowerCase()}\n`)
    })
}

function registerLists(experiment: Command, { open, surroundings, result }: Context): void {
  experiment
    .command('list')
    .description('the team’s experiments, newest first')
    .option('--limit <n>', 'at most so many, up to 100', readInteger(1, 100), 20)
    .option(...JSON_OPTION)
    .action(async ({ limit, json }: { limit: number; json?: boolean }) => {
      const all = await listExperiments(await open(), limit)
      const rows = all.map((each) => [
        String(each.number),
        each.title,
        `${each.datasetVersion.dataset.name}@${each.datasetVersion.number}`,
        describeProgress(each),
      ])
      result(json, all, textTable(['experiment', 'title', 'dataset', 'progress'], rows))
    })

  experiment
    .command('show')
    .description('an experiment and what it shows so far')
    .argument(...ARGUMENT)
    .option(...JSON_OPTION)
    .action(async (text: string, { json }: { json?: boolean }) => {
      const client = await open()
      const found = await readResults(client, (await findExperiment(client, text)).id)
      const { number, title, results } = found
      const notes = results.notes.map((note) => `\n${note}\n`).join('')
      const head = `experiment ${number}  ${title}\n${describeProgress(found)}\n`
      result(json, found, `${head}${describeResults(found)}${notes}`)
    })

  experiment
    .command('report')
    .description('every comparison of an experiment, as a table for a text')
    .argument(...ARGUMENT)
    .option('--format <format>', Object.keys(FORMATS).join(', '), 'markdown')
    .action(async (text: string, options: { format: string }) => {
      const format = FORMATS[options.format]
      if (!format)
        throw usageError(`--format ${options.format}: choose of ${Object.keys(FORMATS).join(', ')}.`)
      const client = await open()
      const { id } = await findExperiment(client, text)
      const { node } = await client.api.ask(ExperimentReportDocument, { id, format })
      if (node?.__typename === 'Experiment') surroundings.print(node.results.report)
    })
}

function readVerdict(text: string): VerdictKind {
  const kinds: VerdictKind[] = ['GAIN', 'NO_EFFECT_SEEN', 'WORSE']
  const kind = kinds.find((known) => known === text.toUpperCase().replaceAll('-', '_'))
  if (kind) return kind
  throw usageError(`--expect ${text}: write gain, no-effect-seen or worse.`)
}

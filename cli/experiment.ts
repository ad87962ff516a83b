/**
 * `npm run experiment -- <file> --data <zip or folder>`: trains every arm of an experiment with every seed, paired, and
 * writes tables, a chart and every figure. Started again it goes on where it stopped.
 * Exit codes: 0 every trial is trained, 1 one failed, 2 what was asked for cannot be done, 130 interrupted.
 */
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { Command } from 'commander'
import { decidingLook } from '../experiments/decide.ts'
import type { ExperimentRecord } from '../experiments/record.ts'
import { executionOn, pairedEnvironment } from './experiment/execution.ts'
import { prepareDataset } from './experiment/prepare-dataset.ts'
import { type Experiment, readExperiment } from './experiment/read-experiment.ts'
import { type Laboratory, runTrials } from './experiment/run-trials.ts'
import { showTrials } from './experiment/show-trials.ts'
import { startArms } from './experiment/start-arms.ts'
import { readResults, startRecord, writeReport, writeResults } from './experiment/write-results.ts'
import type { RawStarts } from './train/read-starts.ts'
import { UsageError } from './train/usage-error.ts'

const EXIT_INTERRUPTED = 130

interface Options extends RawStarts {
  data?: string
  out?: string
  report: boolean
}

async function main(): Promise<void> {
  const { file, data, out, report, ...starts } = readCommandLine()
  const designed = readExperiment(file)
  const folder = out ?? path.join('experiments/results', path.basename(file, '.json'))
  if (report) return print(await writeReport(await readResults(folder), folder), folder)
  if (data === undefined)
    throw new UsageError('--data is missing: a zip or folder of images, or --report to train nothing.')
  await mkdir(folder, { recursive: true })
  const { experiment, startPaths, lines } = await startArms(designed, starts, folder)
  for (const line of lines) process.stderr.write(`${line}\n`)
  const interruption = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () =>
      interruption.abort(new Error('Interrupted; the same command goes on from here.')),
    )
  try {
    const record = await carryOut(experiment, { data, startPaths }, folder, interruption.signal)
    print(await writeReport(record, folder), folder)
    if (record.trials.some(({ failure }) => failure !== undefined)) process.exitCode = 1
  } catch (error) {
    if (!interruption.signal.aborted) throw error
    process.stderr.write(`\n${(error as Error).message}\n`)
    process.exitCode = EXIT_INTERRUPTED
  }
}

function readCommandLine(): Options & { file: string } {
  const command = new Command('npm run experiment --')
    .description('Trains the arms of an experiment, paired over seeds, and writes tables and a chart.')
    .argument('<file>', 'the experiment, for example experiments/label-noise.json')
    .option('--data <path>', 'zip or folder: train/<class>/…, test/<class>/…, or Market-1501’s folders')
    .option('--out <folder>', 'where results are kept; default: experiments/results/<file’s name>')
    .option(
      '--start <files...>',
      'weights to begin with: a file for all arms, or arm=file for one; safetensors, PyTorch, Keras or TF.js',
      [],
    )
    .option('--freeze <epochs>', 'for so many epochs only layers that are new learn', '0')
    .option('--start-licence <text>', 'of those weights, for the records')
    .option('--report', 'train nothing: write tables and chart again from the results that are there', false)
    .parse()
  const [file = ''] = command.args
  return { file, ...command.opts<Options>() }
}

async function carryOut(
  experiment: Experiment,
  { data, startPaths }: { data: string; startPaths: Record<string, string> },
  folder: string,
  signal: AbortSignal,
): Promise<ExperimentRecord> {
  const environment = pairedEnvironment(process.env)
  const execution = executionOn(experiment, environment)
  const show = showTrials(experiment)
  try {
    const prepared = await prepareDataset(data, experiment, folder, show.packing, signal)
    const record = startRecord(experiment, execution, prepared)
    const laboratory: Laboratory = { dataset: prepared.dataset, startPaths, folder, execution, environment }
    const listener = {
      training: show.training,
      async finished(...[outcome, index, wasKnown]: Parameters<typeof show.finished>) {
        show.finished(outcome, index, wasKnown)
        const { trial, ...result } = outcome
        record.trials.push({ condition: trial.condition, arm: trial.arm, seed: trial.seed, ...result })
        if (decidingLook(record) !== null) record.ending = 'DECIDED'
        // After every trial, so that an experiment that is cut short has results too.
        await writeResults(record, folder)
        await writeReport(record, folder)
        return record.ending === undefined
      },
    }
    await runTrials(experiment, laboratory, listener, signal)
    return record
  } finally {
    show.end()
  }
}

function print(report: string, folder: string): void {
  process.stdout.write(`${report}\n${folder}\n`)
}

await main().catch((error: Error) => {
  console.error(error instanceof UsageError ? error.message : error)
  process.exitCode = error instanceof UsageError ? 2 : 1
})

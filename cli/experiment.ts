/**
 * `npm run experiment -- <file> --data <zip or folder>`: trains every arm of an experiment with every seed, paired, and
 * writes a table, a chart and every figure. Started again it goes on where it stopped.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { SingleBar } from 'cli-progress'
import { Command } from 'commander'
import { trainingEnvironment } from '../workers/training/training-environment.ts'
import { compareArms } from './experiment/compare-arms.ts'
import { drawChart } from './experiment/draw-chart.ts'
import { type Experiment, readExperiment, type Trial } from './experiment/read-experiment.ts'
import { type Outcome, prepareDataset, runTrials, type TrialListener } from './experiment/run-trials.ts'
import { writeTable } from './experiment/write-table.ts'
import { UsageError } from './train/usage-error.ts'

const EXIT_INTERRUPTED = 130

interface Options {
  data: string
  out?: string
}

async function main(): Promise<void> {
  const command = new Command('npm run experiment --')
    .description('Trains the arms of an experiment, paired over seeds, and writes a table and a chart.')
    .argument('<file>', 'the experiment, for example experiments/label-noise.json')
    .requiredOption('--data <path>', 'zip or folder: train/<class>/…, test/<class>/…')
    .option('--out <folder>', 'where results are kept; default: experiments/results/<file’s name>')
    .parse()
  // biome-ignore lint/style/noNonNullAssertion: commander ends the process where the argument is missing
  const file = command.args[0]!
  const { data, out } = command.opts<Options>()
  const experiment = readExperiment(file)
  const folder = out ?? path.join('experiments/results', path.basename(file, '.json'))
  await mkdir(folder, { recursive: true })
  const interruption = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () =>
      interruption.abort(new Error('Interrupted; the same command goes on from here.')),
    )
  }
  try {
    const finished: Outcome[] = []
    const listener = showTrials(experiment, async (outcome) => {
      finished.push(outcome)
      await writeResults(experiment, finished, folder)
    })
    const dataset = await prepareDataset(data, experiment, folder, listener, interruption.signal)
    await runTrials(
      experiment,
      dataset,
      folder,
      trainingEnvironment(process.env),
      listener,
      interruption.signal,
    )
    process.stdout.write(`${writeTable(experiment, compareArms(experiment, finished))}\n${folder}\n`)
  } catch (error) {
    if (!interruption.signal.aborted) throw error
    process.stderr.write(`\n${(error as Error).message}\n`)
    process.exitCode = EXIT_INTERRUPTED
  }
}

function showTrials(experiment: Experiment, onFinished: (outcome: Outcome) => Promise<void>): TrialListener {
  const bar = new SingleBar({
    format: '  {bar} {what}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    noTTYOutput: false,
  })
  const total = experiment.trials.length
  const nameOf = ({ condition, arm, seed }: Trial) => `${condition} · ${arm} · seed ${seed}`
  bar.start(total, 0, { what: 'packing' })
  return {
    packing: (seen, all) => bar.update(0, { what: `packing ${seen}/${all}` }),
    training: (trial, index, step, steps) =>
      bar.update(index + step / steps, { what: `${index + 1}/${total} ${nameOf(trial)}` }),
    async finished(outcome, index, wasKnown) {
      bar.update(index + 1)
      if (index + 1 === total) bar.stop()
      if (!wasKnown) process.stderr.write(`\n  ${nameOf(outcome.trial)}: ${outcome.seconds.toFixed(0)} s\n`)
      await onFinished(outcome)
    },
  }
}

/** After every trial, so that an experiment that is cut short has results too. */
async function writeResults(experiment: Experiment, outcomes: Outcome[], folder: string): Promise<void> {
  const compared = compareArms(experiment, outcomes)
  if (compared.some(({ values }) => values.length === 0)) return
  const rows = outcomes.map(({ trial: { condition, arm, seed }, evaluation, seconds }) => ({
    condition,
    arm,
    seed,
    seconds,
    evaluation,
  }))
  await writeFile(path.join(folder, 'results.json'), `${JSON.stringify({ compared, trials: rows })}\n`)
  await writeFile(path.join(folder, 'table.md'), writeTable(experiment, compared))
  await writeFile(path.join(folder, 'chart.svg'), drawChart(experiment, compared))
}

await main().catch((error: Error) => {
  console.error(error instanceof UsageError ? error.message : error)
  process.exitCode = error instanceof UsageError ? 2 : 1
})

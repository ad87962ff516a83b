import { readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { hasValidation } from '../../contract/recipes/held-out.ts'
import { compareArms } from '../../experiments/compare.ts'
import { markdownReport } from '../../experiments/markdown-report.ts'
import { type Execution, ExperimentRecord } from '../../experiments/record.ts'
import { UsageError } from '../train/usage-error.ts'
import { drawChart } from './draw-chart.ts'
import { type PreparedDataset, testImagesOf } from './prepare-dataset.ts'
import type { Experiment } from './read-experiment.ts'

const RESULTS_FILE = 'results.json'

/** The record of an experiment of which no trial has ended yet. */
export function startRecord(
  { title, conditions, arms, seeds, stopping }: Experiment,
  execution: Execution,
  { dataset, testImages }: PreparedDataset,
): ExperimentRecord {
  const images = {
    train: dataset.splits.train.count,
    ...(hasValidation(dataset) && { hasValidation: true as const }),
    test: testImagesOf(dataset),
    testThere: testImages,
  }
  const design = { title, conditions, arms, seeds, ...(stopping && { stopping }) }
  return { format: 'studyhall-experiment-1', ...design, execution, images, trials: [] }
}

export async function writeResults(record: ExperimentRecord, folder: string): Promise<void> {
  const file = path.join(folder, RESULTS_FILE)
  await writeFile(`${file}.new`, `${JSON.stringify(record)}\n`)
  await rename(`${file}.new`, file)
}

/** @throws UsageError where there are none, or they cannot be read */
export async function readResults(folder: string): Promise<ExperimentRecord> {
  const file = path.join(folder, RESULTS_FILE)
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UsageError(`There are no results in ${file}; train the experiment first, with --data.`)
  })
  try {
    return ExperimentRecord.parse(JSON.parse(text))
  } catch {
    throw new UsageError(`${file} holds no results that this version can read.`)
  }
}

/** @returns the tables, which are written beside the chart */
export async function writeReport(record: ExperimentRecord, folder: string): Promise<string> {
  const report = markdownReport(record)
  await writeFile(path.join(folder, 'table.md'), report)
  await writeFile(path.join(folder, 'chart.svg'), drawChart(record, compareArms(record)))
  return report
}

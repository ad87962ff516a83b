import { RunEvaluation } from '../../../contract/evaluation.ts'
import { RUN_STATUS_WORDS } from '../../../contract/runs/run-words.ts'
import type { Services } from '../../services.ts'
import { toComparison } from '../experiments/read-results.ts'
import { findShared } from './find-shared.ts'
import { readContent } from './read-shared.ts'
import type { SharedExperiment } from './read-shared-experiment.ts'
import type { SharedModel } from './read-shared-model.ts'
import type { SharedRun } from './read-shared-run.ts'

/** Source of the schema's SharedPreview. */
export interface SharedPreview {
  title: string
  summary: string
  figures: { label: string; value: string }[]
  lines: { label: string; steps: number[]; values: number[] }[]
}

const MOST_FIGURES = 4

/** For programs that make a picture of a link; null where it is unknown or over, and where it asks for a password. */
export async function readSharedPreview(services: Services, token: string): Promise<SharedPreview | null> {
  const link = await findShared(services.database, token)
  if (!link || link.passwordHash !== null) return null
  const content = await readContent(services, link)
  if (content.kind === 'run') return ofRun(content.run)
  return content.kind === 'experiment' ? ofExperiment(content.experiment) : ofModel(content.model)
}

function ofRun({ title, run, cohort, dataset, metrics }: SharedRun): SharedPreview {
  const name = dataset.kind === 'RETRIEVAL' ? 'testMap' : 'testTop1'
  const count = cohort.students.length
  const students = count === 1 ? '1 student' : `${count} students`
  return {
    title,
    summary: `${students} on ${dataset.name}: ${RUN_STATUS_WORDS[run.status].toLowerCase()}`,
    figures: [
      ...cohort.students.flatMap(({ name: label, lastScore }) =>
        lastScore === null ? [] : [{ label, value: percent(lastScore) }],
      ),
      ...ensembleOf(run.evaluation),
    ].slice(-MOST_FIGURES),
    lines: metrics
      .filter((series) => series.name === name && series.student !== null)
      .map(({ student, steps, values }) => ({
        label: cohort.students[student ?? 0]?.name ?? '',
        steps,
        values,
      })),
  }
}

function ensembleOf(stored: unknown): SharedPreview['figures'] {
  if (stored === null) return []
  const evaluation = RunEvaluation.parse(stored)
  const value =
    evaluation.kind === 'RETRIEVAL'
      ? evaluation.ensemble.meanAveragePrecision
      : evaluation.ensemble.meanPosteriorTop1
  return [{ label: 'ensemble', value: percent(value) }]
}

function ofExperiment({ title, plan, progress, dataset, results, curves }: SharedExperiment): SharedPreview {
  const compared = results.comparisons.map(toComparison).filter(({ measure }) => measure.isPrimary)
  return {
    title,
    summary: `${plan.arms.length} arms, ${plan.file.seeds.length} seeds on ${dataset.name}; ${progress.succeeded} of ${progress.runs} runs done`,
    figures: compared.map(({ arm, inWords }) => ({ label: arm, value: inWords })).slice(0, MOST_FIGURES),
    lines: curves.map(({ condition, arm, steps, means }) => ({
      label: plan.conditions.length > 1 ? `${condition}: ${arm}` : arm,
      steps,
      values: means,
    })),
  }
}

function ofModel({ title, dataset, parameters, scores }: SharedModel): SharedPreview {
  return {
    title,
    summary: `${parameters.toLocaleString('en')} parameters, trained on ${dataset.name}`,
    figures: scores.map(({ name, value }) => ({ label: name, value: percent(value) })),
    lines: [],
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

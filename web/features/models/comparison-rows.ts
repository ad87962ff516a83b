import { formatBytes, formatMetric, formatParameters, formatShare } from '../../design/format-numbers.ts'
import { formatInstant } from '../../design/format-time.ts'
import type { ComparedModelFragment } from '../../graphql/generated/operations.ts'
import { methodLabel } from '../cohorts/teaching-words.ts'
import { describeRecipe } from '../recipe/recipe-words.ts'
import { noteOf, scoreOf } from './trained-words.ts'

export interface ComparisonRow {
  label: string
  show: (trained: ComparedModelFragment) => string
  /** For rows where one model can be better: the value to compare, and whether greater is better. */
  rank?: { by: (trained: ComparedModelFragment) => number | null; greatest: boolean }
}

/** Cross-entropy on the test images, in nats; for an ensemble, of its mean posterior. */
function testLossOf(trained: ComparedModelFragment): number | null {
  return trained.__typename === 'Model' ? trained.loss : (trained.run.evaluation?.meanPosteriorLoss ?? null)
}

function downloadBytesOf({ artifacts }: ComparedModelFragment): number | null {
  return artifacts.find(({ format }) => format === 'TFJS')?.byteLength ?? null
}

export const comparisonRows: readonly ComparisonRow[] = [
  { label: 'Architecture', show: noteOf },
  { label: 'Score', show: (trained) => formatShare(scoreOf(trained)), rank: { by: scoreOf, greatest: true } },
  {
    label: 'Measured as',
    show: ({ meanAveragePrecision }) =>
      meanAveragePrecision === null ? 'accuracy' : 'mean average precision',
  },
  {
    label: 'Test loss',
    show: (trained) => formatMetric(testLossOf(trained)),
    rank: { by: testLossOf, greatest: false },
  },
  {
    label: 'Parameters',
    show: ({ parameters }) => formatParameters(parameters),
    rank: { by: ({ parameters }) => parameters, greatest: false },
  },
  {
    label: 'Download',
    show: (trained) => formatBytes(downloadBytesOf(trained) ?? 0),
    rank: { by: downloadBytesOf, greatest: false },
  },
  {
    label: 'Dataset',
    show: ({ run }) => `${run.datasetVersion.dataset.name}, version ${run.datasetVersion.number}`,
  },
  { label: 'Cohort', show: ({ run }) => run.cohort.name },
  { label: 'Teaching', show: ({ run }) => methodLabel(run.cohort.teaching.method) },
  { label: 'Run', show: ({ run }) => String(run.number) },
  { label: 'Preset', show: ({ run }) => run.preset },
  { label: 'Seed', show: ({ run }) => String(run.seed) },
  { label: 'Threads per operation', show: ({ run }) => String(run.threadsPerOperation ?? '–') },
  { label: 'Stored', show: ({ createdAt }) => formatInstant(createdAt) },
]

/** The fields in which the runs' recipes differ, in the form's order. */
export function recipeRows(trained: readonly ComparedModelFragment[]): ComparisonRow[] {
  const wordsOf = new Map(trained.map(({ id, run }) => [id, new Map(describeRecipe(run.recipe))]))
  const all = [...wordsOf.values()]
  const labels = new Set(all.flatMap((words) => [...words.keys()]))
  const differs = (label: string) => new Set(all.map((words) => words.get(label))).size > 1
  return [...labels].filter(differs).map((label) => ({
    label,
    show: ({ id }) => wordsOf.get(id)?.get(label) ?? '–',
  }))
}

/** Ids of the best models; empty if all are equal. */
export function bestOf(
  trained: readonly ComparedModelFragment[],
  { by, greatest }: NonNullable<ComparisonRow['rank']>,
): string[] {
  const values = trained.map(by).filter((value) => value !== null)
  const best = greatest ? Math.max(...values) : Math.min(...values)
  const winners = trained.filter((one) => by(one) === best).map(({ id }) => id)
  return winners.length === trained.length ? [] : winners
}

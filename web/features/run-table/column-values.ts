import { isRecipeColumn, type RunColumn } from '../../../contract/runs/run-columns.ts'
import { formatMetric, formatShare } from '../../design/format-numbers.ts'
import { formatDuration } from '../../design/format-time.ts'
import type { RunTableRowFragment } from '../../graphql/generated/operations.ts'
import { methodLabel } from '../cohorts/teaching-words.ts'
import { readAt } from '../recipe/recipe-paths.ts'
import { bestScoreOf, durationSeconds } from '../run-list/run-facts.ts'
import { columnOptions, isShare } from './column-words.ts'

/** What a column says of a run; a dash if nothing. */
export function columnWords(run: RunTableRowFragment, column: RunColumn, nowMs: number): string {
  const value = columnValue(run, column, nowMs)
  if (value === null || value === '') return '–'
  if (column === 'duration') return formatDuration(Number(value))
  if (typeof value === 'number' && isShare(column)) return scoreWords(run, column, value)
  if (typeof value === 'number' && column === 'imagesPerSecond') return formatMetric(value)
  return columnOptions(column)?.find((option) => option.value === String(value))?.label ?? String(value)
}

/** Lists can mix both tasks: scores that may be of either say so where they are a mean average precision. */
function scoreWords(run: RunTableRowFragment, column: RunColumn, value: number): string {
  const isEither = column === 'best' || column === 'last' || column === 'ensemble'
  const isRetrieval = run.datasetVersion.dataset.kind === 'RETRIEVAL'
  return isEither && isRetrieval ? `mAP ${formatShare(value)}` : formatShare(value)
}

/** A column of a run, as a list shows it; shares are from 0 to 1, durations in seconds. */
export function columnValue(
  run: RunTableRowFragment,
  column: RunColumn,
  nowMs: number,
): string | number | null {
  if (isRecipeColumn(column)) return recipeValue(readAt(run.recipe, column))
  const { datasetVersion } = run
  const { kind } = datasetVersion.dataset
  switch (column) {
    case 'number':
      return run.number
    case 'name':
      return run.name
    case 'tags':
      return run.tags.join(', ')
    case 'cohort':
      return run.cohort.name
    case 'method':
      return methodLabel(run.cohort.teaching.method)
    case 'students':
      return run.students.length
    case 'dataset':
      return datasetVersion.dataset.name
    case 'version':
      return datasetVersion.number
    case 'task':
      return kind
    case 'preset':
      return run.preset
    case 'seed':
      return run.seed
    case 'experiment':
      return run.experiment?.number ?? null
    case 'best':
    case 'last':
      return bestScoreOf(run, column)
    case 'bestTop1':
      return kind === 'CLASSIFICATION' ? bestScoreOf(run, 'best') : null
    case 'lastTop1':
      return kind === 'CLASSIFICATION' ? bestScoreOf(run, 'last') : null
    case 'bestMap':
      return kind === 'RETRIEVAL' ? bestScoreOf(run, 'best') : null
    case 'lastMap':
      return kind === 'RETRIEVAL' ? bestScoreOf(run, 'last') : null
    case 'ensemble':
      return ensembleScore(run)
    case 'duration':
      return durationSeconds(run, nowMs)
    case 'imagesPerSecond':
      return run.progress.imagesPerSecond
    case 'startedBy':
      return run.createdBy.name
    case 'worker':
      return run.workerName
    default:
      return null
  }
}

function recipeValue(value: unknown): string | number | null {
  if (value === undefined || value === null) return null
  if (Array.isArray(value)) return value.join(', ')
  return typeof value === 'number' ? value : String(value)
}

function ensembleScore({ ensemble }: RunTableRowFragment): number | null {
  if (!ensemble) return null
  const { meanPosteriorTop1, concatenatedFeaturesTop1, meanAveragePrecision } = ensemble
  if (meanAveragePrecision !== null) return meanAveragePrecision
  return Math.max(meanPosteriorTop1 ?? 0, concatenatedFeaturesTop1 ?? 0)
}

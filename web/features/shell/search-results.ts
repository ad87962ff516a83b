import { RUN_STATUS_WORDS } from '../../../contract/runs/run-words.ts'
import type { TeamSearchQuery } from '../../graphql/generated/operations.ts'

export type SearchResult = NonNullable<TeamSearchQuery['team']>['search'][number]

export interface FoundPage {
  id: string
  label: string
  description: string
  /** Under the team's address. */
  path: string
}

/** What a result is called, and the page that shows it. */
export function pageOf(result: SearchResult): FoundPage {
  const { id } = result
  switch (result.__typename) {
    case 'Dataset':
      return { id, label: result.name, description: 'Dataset', path: `/datasets/${id}` }
    case 'Cohort':
      return { id, label: result.name, description: 'Cohort', path: `/cohorts/${id}` }
    case 'Run':
      return {
        id,
        label: `Run ${result.number}`,
        description: `${result.cohort.name}, ${RUN_STATUS_WORDS[result.status].toLowerCase()}`,
        path: `/runs/${result.number}`,
      }
    case 'Experiment':
      return {
        id,
        label: `Experiment ${result.number}`,
        description: result.title,
        path: `/experiments/${result.number}`,
      }
    case 'Model':
      return {
        id,
        label: result.student.name,
        description: `Model, ${result.student.architecture}, of run ${result.run.number}`,
        path: `/models/${id}`,
      }
    case 'Ensemble':
      return {
        id,
        label: result.aliases.map(({ name }) => name).join(', ') || 'Ensemble',
        description: `Ensemble of run ${result.run.number}`,
        path: `/models/${id}`,
      }
  }
}

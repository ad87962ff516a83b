import type { StoredPlan } from '../../../experiments/design/stored-plan.ts'
import { readCurves } from '../../use-cases/experiments/read-curves.ts'
import { planOf, readProgress } from '../../use-cases/experiments/read-progress.ts'
import { notesOf, readResults, reportAs, toComparison } from '../../use-cases/experiments/read-results.ts'
import { readTrials } from '../../use-cases/experiments/read-trials.ts'
import type {
  ExperimentResolvers,
  ExperimentResultsResolvers,
  ExperimentTrialResolvers,
} from '../generated/resolvers.ts'

export const Experiment: ExperimentResolvers = {
  team: ({ teamId }, _, { loaders }) => loaders.team.load(teamId),
  datasetVersion: ({ datasetVersionId }, _, { loaders }) => loaders.datasetVersion.load(datasetVersionId),
  progress: (experiment, _, { services }) => readProgress(services.database, experiment),
  file: (experiment) => planOf(experiment).file,
  arms: (experiment) => armsOf(planOf(experiment)),
  conditions: (experiment) => planOf(experiment).conditions.map(({ name }) => name),
  seeds: (experiment) => planOf(experiment).file.seeds,
  looks: (experiment) => planOf(experiment).file.stopping?.looks ?? null,
  trials: (experiment, _, { services }) => readTrials(services.database, experiment),
  results: (experiment, _, { services }) => readResults(services.database, experiment),
  curves: (experiment, { metric }, { services }) => readCurves(services.database, experiment, metric),
  createdBy: ({ createdById }, _, { loaders }) => loaders.user.load(createdById),
}

export function armsOf({ arms }: StoredPlan) {
  return arms.map(({ name, control, cohort: { students, teaching } }) => ({
    name,
    control,
    students: students.map(({ architecture }) => architecture),
    method: teaching.method,
  }))
}

export const ExperimentTrial: ExperimentTrialResolvers = {
  run: ({ runId }, _, { loaders }) => loaders.run.load(runId),
}

export const ExperimentResults: ExperimentResultsResolvers = {
  notes: notesOf,
  comparisons: ({ comparisons }) => comparisons.map(toComparison),
  report: (results, { format }) => reportAs(results, format),
}

import type { StoredPlan } from '../../../experiments/design/stored-plan.ts'
import type { Database, Experiment } from '../../../prisma/client.ts'
import { type ExperimentCurve, readCurves } from '../experiments/read-curves.ts'
import { type ExperimentProgress, planOf, readProgress } from '../experiments/read-progress.ts'
import { type ExperimentResults, notesOf, readResults } from '../experiments/read-results.ts'
import { type SharedDataset, sharedDatasetOf, WITH_DATASET } from './shared-dataset.ts'

/** Source of the schema's SharedExperiment. */
export interface SharedExperiment {
  title: string
  plan: StoredPlan
  progress: ExperimentProgress
  dataset: SharedDataset
  notes: string[]
  results: ExperimentResults
  curves: ExperimentCurve[]
}

export async function readSharedExperiment(
  database: Database,
  experiment: Experiment,
): Promise<SharedExperiment> {
  const version = await database.datasetVersion.findUniqueOrThrow({
    where: { id: experiment.datasetVersionId },
    include: WITH_DATASET,
  })
  const dataset = sharedDatasetOf(version)
  const [progress, results, curves] = await Promise.all([
    readProgress(database, experiment),
    readResults(database, experiment),
    readCurves(database, experiment, dataset.kind === 'RETRIEVAL' ? 'testMap' : 'testTop1'),
  ])
  const { title } = experiment
  const plan = planOf(experiment)
  return { title, plan, progress, dataset, notes: notesOf(withoutMachines(results)), results, curves }
}

/** The team's: on which machine, and why a trial failed, which may name a machine or a file. */
function withoutMachines({ record, comparisons }: ExperimentResults): ExperimentResults {
  const trials = record.trials.map((trial) =>
    trial.failure === undefined ? trial : { ...trial, failure: 'not told' },
  )
  const execution = record.execution && { ...record.execution, processor: null, settings: {} }
  return { record: { ...record, trials, execution }, comparisons }
}

import { RunEvaluation } from '../../contract/evaluation.ts'
import { PackedDataset } from '../../contract/packed/manifest.ts'
import { hasValidation } from '../../contract/recipes/held-out.ts'
import { isEnded } from '../../contract/runs/run-states.ts'
import { StoredPlan } from '../../experiments/design/stored-plan.ts'
import { DETERMINISTIC, type ExperimentRecord, type TrialRecord } from '../../experiments/record.ts'
import type { Database, Experiment, Run } from '../../prisma/client.ts'

/** An experiment in the form that the `experiment` command writes, from its rows: results are computed from it alone. */
export async function readRecord(database: Database, experiment: Experiment): Promise<ExperimentRecord> {
  const { file, conditions, arms, threadsPerOperation } = StoredPlan.parse(experiment.plan)
  const version = await database.datasetVersion.findUniqueOrThrow({
    where: { id: experiment.datasetVersionId },
  })
  const trials = await database.experimentTrial.findMany({
    where: { experimentId: experiment.id },
    include: { run: true },
    orderBy: { run: { number: 'asc' } },
  })
  const builds = new Set(trials.flatMap(({ run }) => run.engineBuild ?? []))
  const ending = endingOf(experiment)
  return {
    format: 'studyhall-experiment-1',
    title: experiment.title,
    conditions,
    arms,
    seeds: file.seeds,
    ...(file.stopping && { stopping: file.stopping }),
    ...(ending && { ending }),
    execution: {
      engineVersion: builds.size === 0 ? 'not known yet' : `of build ${[...builds].join(' and ')}`,
      threadsPerOperation,
      processor: null,
      cores: null,
      settings: DETERMINISTIC,
    },
    images: imagesOf(PackedDataset.parse(version.manifest)),
    trials: trials.flatMap(({ condition, arm, seed, run }) => {
      const outcome = outcomeOf(run)
      return outcome ? [{ condition, arm, seed, ...outcome }] : []
    }),
  }
}

export function endingOf({ canceledAt, decidedAt }: Experiment): ExperimentRecord['ending'] {
  if (canceledAt) return 'CANCELED'
  return decidedAt ? 'DECIDED' : undefined
}

function imagesOf(dataset: PackedDataset): ExperimentRecord['images'] {
  const test = dataset.kind === 'RETRIEVAL' ? dataset.splits.query.count : dataset.splits.test.count
  const own = hasValidation(dataset) ? { hasValidation: true as const } : {}
  return { train: dataset.splits.train.count, ...own, test, testThere: test }
}

/** Undefined while it may still come to something, and of a run that was canceled. */
function outcomeOf(run: Run): Pick<TrialRecord, 'seconds' | 'evaluation' | 'failure'> | undefined {
  if (!isEnded(run.status) || run.status === 'CANCELED') return undefined
  const { startedAt, finishedAt } = run
  const seconds = startedAt && finishedAt ? (finishedAt.getTime() - startedAt.getTime()) / 1000 : 0
  if (run.status === 'FAILED') return { seconds, failure: `${run.failureMessage} (${run.failureCode})` }
  return { seconds, evaluation: RunEvaluation.parse(run.evaluation) }
}

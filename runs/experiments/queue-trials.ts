import { StoredPlan } from '../../experiments/design/stored-plan.ts'
import { sharedOrders, trialsOf } from '../../experiments/design/trials.ts'
import type { DeviceKind, Experiment, ExperimentTrial, Run, Transaction } from '../../prisma/client.ts'
import { queueRun } from '../transitions/index.ts'
import { findArmCohorts } from './arm-cohorts.ts'

export interface TrialWishes {
  device?: DeviceKind | null | undefined
  label?: string | null | undefined
  priority?: number | undefined
  /** The key that starts them. */
  apiKeyId?: string | null | undefined
}

/**
 * Queues the runs of an experiment's trials with some seeds, in the order in which they are to be trained; trials that are
 * the same training share one.
 */
export async function queueTrials(
  tx: Transaction,
  experiment: Experiment,
  seeds: readonly number[],
  wishes: TrialWishes = {},
): Promise<Run[]> {
  const { id: experimentId, teamId, datasetVersionId, createdById } = experiment
  const { file, conditions, arms, threadsPerOperation } = StoredPlan.parse(experiment.plan)
  const cohortIds = await findArmCohorts(tx, experiment, arms)
  const orders = sharedOrders(trialsOf({ seeds: [...seeds], conditions, arms }))
  const { lastRunNumber } = await tx.team.update({
    where: { id: teamId },
    data: { lastRunNumber: { increment: orders.length } },
  })
  const common = { teamId, datasetVersionId, createdById, experimentId, preset: file.recipe.preset }
  const runs: Run[] = []
  const rows: ExperimentTrial[] = []
  for (const [i, trials] of orders.entries()) {
    const [{ arm, recipe, seed } = missing(experimentId)] = trials
    const cohortId = cohortIds.get(arm) ?? missing(experimentId)
    const number = lastRunNumber - orders.length + 1 + i
    const run = await queueRun(tx, {
      ...common,
      ...wishes,
      number,
      cohortId,
      recipe,
      seed,
      threadsPerOperation,
    })
    for (const { condition, arm, seed } of trials)
      rows.push({ teamId, experimentId, condition, arm, seed, runId: run.id })
    runs.push(run)
  }
  await tx.experimentTrial.createMany({ data: rows })
  return runs
}

function missing(experimentId: string): never {
  throw new Error(`experiment ${experimentId} has an order without a trial or an arm without a cohort`)
}

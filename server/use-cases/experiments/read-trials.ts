import type { Database, Experiment, ExperimentTrial } from '../../../prisma/client.ts'
import { planOf } from './read-progress.ts'

/** An experiment's trials in the order in which they are trained. */
export async function readTrials(database: Database, experiment: Experiment): Promise<ExperimentTrial[]> {
  const { file, conditions, arms } = planOf(experiment)
  const trials = await database.experimentTrial.findMany({ where: { experimentId: experiment.id } })
  const placeOf = ({ seed, condition, arm }: ExperimentTrial) => [
    file.seeds.indexOf(seed),
    conditions.findIndex(({ name }) => name === condition),
    arms.findIndex(({ name }) => name === arm),
  ]
  return trials
    .map((trial) => ({ trial, place: placeOf(trial) }))
    .sort((a, b) => a.place.map((at, i) => at - (b.place[i] ?? 0)).find((by) => by !== 0) ?? 0)
    .map(({ trial }) => trial)
}

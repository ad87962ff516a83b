import { PackedDataset } from '../../../contract/packed/manifest.ts'
import type { Trial } from '../../../experiments/design/trials.ts'
import type { Actor } from '../../access/actor.ts'
import { permit } from '../../access/permit.ts'
import { AppError } from '../../errors.ts'
import type { Services } from '../../services.ts'
import { requireTrainable } from '../runs/insert-run.ts'
import { estimateTraining } from '../speeds/estimate-training.ts'
import { readSpeeds, type Speeds } from '../speeds/read-speeds.ts'
import { trainingOf } from '../speeds/training-of.ts'
import { countPlaces } from './count-places.ts'
import { readDesign } from './read-design.ts'

export interface ExperimentEstimate {
  trials: number
  runs: number
  /** Null where no finished run says how long an architecture takes. */
  seconds: number | null
  /** What it is based on, or lacks. */
  basis: string
}

/** How long an experiment would take, from how long the team's finished runs took. */
export async function estimateExperiment(
  { database }: Services,
  actor: Actor | null,
  teamId: string,
  input: { datasetVersionId: string; experiment: unknown },
): Promise<ExperimentEstimate> {
  const version = await permit({ database, actor }, 'DatasetVersion', input.datasetVersionId, 'VIEWER')
  if (version.teamId !== teamId)
    throw new AppError('INVALID_INPUT', 'The dataset version is of another team.', ['datasetVersionId'])
  const { orders, conditions } = readDesign(input.experiment)
  for (const { recipe } of conditions) requireTrainable(version, recipe)
  const speeds = await readSpeeds(database, trainingOf(version, conditions[0]?.recipe ?? null))
  const counts = { trials: orders.flat().length, runs: orders.length }
  const { count: images } = PackedDataset.parse(version.manifest).splits.train
  const estimates = orders.flatMap(([trial]) => (trial ? [estimateTrial(trial, speeds, images)] : []))
  const unknown = estimates.find((estimate) => estimate.seconds === null)
  if (unknown)
    return { ...counts, seconds: null, basis: `No finished run of the team has a ${unknown.unknown} yet.` }
  const known = estimates.filter((estimate) => estimate.seconds !== null)
  const whole = known.reduce((sum, { seconds }) => sum + seconds, 0)
  const places = Math.min(await countPlaces(database, teamId), orders.length)
  const runs = Math.max(...known.map(({ runs }) => runs))
  const many = runs === 1 ? 'one finished run' : `${runs} finished runs`
  const basis = `Based on ${many} of the team, ${places === 1 ? 'one run' : `${places} runs`} at a time.`
  return { ...counts, seconds: whole / places, basis }
}

function estimateTrial({ cohort, recipe }: Trial, speeds: Speeds, images: number) {
  const architectures = cohort.students.map(({ architecture }) => architecture)
  const { method } = cohort.teaching
  return estimateTraining(speeds, null, { architectures, method, isTeacherFinished: false, recipe, images })
}

import { twinsOf } from '../../experiments/pairing.ts'
import { UsageError } from '../train/usage-error.ts'
import type { ExperimentArm } from './read-experiment.ts'

/** What all arms share, so no arm may set it for itself. */
export const UNPAIRABLE_KEYS = [
  'data',
  'subset',
  'recipe',
  'overrides',
  'batchSize',
  'seeds',
  'threadsPerOperation',
]

interface Design {
  arms: readonly ExperimentArm[]
  conditions: readonly string[]
  seeds: readonly number[]
}

/** @throws UsageError naming the arm that cannot be compared, or what is listed twice */
export function checkPairing({ arms, conditions, seeds }: Design): void {
  refuseRepeated(
    'arm',
    arms.map(({ name }) => name),
  )
  refuseRepeated('condition', conditions)
  refuseRepeated('seed', seeds)
  for (const { name, cohort, control } of arms) {
    if (control === null) continue
    const other = arms.find((arm) => arm.name === control)
    if (!other || other.name === name)
      throw new UsageError(
        `Arm ${name} has the control “${control}”, which is not another arm of the experiment.`,
      )
    if (twinsOf(cohort, other.cohort).length === 0)
      throw new UsageError(
        `Arm ${name} cannot be paired with its control ${control}: they have no learning student of the same name and architecture in common.`,
      )
  }
}

function refuseRepeated(what: string, names: readonly (string | number)[]): void {
  const again = names.find((name, i) => names.indexOf(name) < i)
  if (again !== undefined) throw new UsageError(`The ${what} ${again} is listed twice.`)
}

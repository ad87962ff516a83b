import { twinsOf } from '../pairing.ts'
import type { Arm } from '../record.ts'
import { DesignProblem } from './design-problem.ts'

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

interface Comparable {
  arms: readonly Arm[]
  conditions: readonly string[]
  seeds: readonly number[]
}

/** @throws DesignProblem naming the arm that cannot be compared, or what is listed twice */
export function checkPairing({ arms, conditions, seeds }: Comparable): void {
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
      throw new DesignProblem(
        `Arm ${name} has the control “${control}”, which is not another arm of the experiment.`,
      )
    if (twinsOf(cohort, other.cohort).length === 0)
      throw new DesignProblem(
        `Arm ${name} cannot be paired with its control ${control}: they have no learning student of the same name and architecture in common.`,
      )
  }
}

function refuseRepeated(what: string, names: readonly (string | number)[]): void {
  const again = names.find((name, i) => names.indexOf(name) < i)
  if (again !== undefined) throw new DesignProblem(`The ${what} ${again} is listed twice.`)
}

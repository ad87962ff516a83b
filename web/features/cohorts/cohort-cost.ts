import type { DeviceKind } from '../../../contract/devices.ts'
import type { CohortValues } from './cohort-form-values.ts'

/** What is known of a network that a student may have. */
export interface KnownNetwork {
  name: string
  multiplyAdds: number
  stepTimes: readonly { device: DeviceKind; milliseconds: number }[]
}

export interface CohortCost {
  /** The student of the least multiply-adds, which one would train alone. */
  alone: string
  /** How many times its training step takes. */
  ratio: number
  /** Null where one of the networks was not measured, and multiply-adds are compared. */
  measured: { device: DeviceKind; aloneMs: number; cohortMs: number } | null
}

/** What a cohort's training step costs against one student's; null where a network is unknown. */
export function costOfCohort(
  { students, method, finishedModelId }: Pick<CohortValues, 'students' | 'method' | 'finishedModelId'>,
  networks: readonly KnownNetwork[],
): CohortCost | null {
  // A finished teacher is not trained.
  const first = method === 'DISTILLATION' && finishedModelId !== null ? 1 : 0
  const trained = students.slice(first).map(({ name, architecture }) => ({
    name,
    network: networks.find((network) => network.name === architecture),
  }))
  const sizes = trained.map(({ network }) => network?.multiplyAdds ?? Number.NaN)
  const least = sizes.indexOf(Math.min(...sizes))
  const alone = trained[least]
  if (!alone) return null
  const ratioOf = (values: readonly number[]) => sumOf(values) / (values[least] ?? 1)
  for (const { device } of alone.network?.stepTimes ?? []) {
    const times = trained.map(
      ({ network }) => network?.stepTimes.find((time) => time.device === device)?.milliseconds ?? Number.NaN,
    )
    const cohortMs = sumOf(times)
    if (Number.isFinite(cohortMs))
      return {
        alone: alone.name,
        ratio: ratioOf(times),
        measured: { device, aloneMs: times[least] ?? 0, cohortMs },
      }
  }
  return { alone: alone.name, ratio: ratioOf(sizes), measured: null }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

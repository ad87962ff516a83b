import type { Lease } from '../../../runs/lease.ts'

export interface WriteOrder {
  databaseUrl: string
  leases: Lease[]
  /** Of all runs together. */
  pointsPerSecond: number
  seconds: number
  warmUpSeconds: number
}

export const STUDENTS = 5
export const NAMES = ['loss', 'trainTop1'] as const
export const POINTS_A_STEP = STUDENTS * NAMES.length

/** Steps of each run, and how many of them are before the measurement. */
export function countSteps({ pointsPerSecond, seconds, warmUpSeconds, leases }: WriteOrder) {
  const stepsIn = (time: number) => Math.ceil((pointsPerSecond * time) / leases.length / POINTS_A_STEP)
  return { steps: stepsIn(seconds + warmUpSeconds), warmUpSteps: stepsIn(warmUpSeconds) }
}

import { createGenerator } from '../random.ts'

/**
 * The peer that each student learns from in an epoch under ONE_PER_EPOCH, drawn from the seed, the epoch and
 * the student's position in the cohort.
 * @returns [students], indices in the cohort
 */
export function drawPartners(students: number, seed: number, epoch: number): Int32Array {
  return Int32Array.from({ length: students }, (_, k) => {
    const drawn = createGenerator('partner', seed, epoch, k).integer(students - 1)
    return drawn < k ? drawn : drawn + 1
  })
}

import { createGenerator } from '../random.ts'

/**
 * The one peer from whom each student learns in an epoch under ONE_PER_EPOCH: a draw from the seed, the epoch and the
 * student's place in the cohort.
 * @returns [students], indices in the cohort
 */
export function drawPartners(students: number, seed: number, epoch: number): Int32Array {
  return Int32Array.from({ length: students }, (_, k) => {
    const drawn = createGenerator('partner', seed, epoch, k).integer(students - 1)
    return drawn < k ? drawn : drawn + 1
  })
}

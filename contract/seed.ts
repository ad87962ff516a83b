import { z } from 'zod'

/** What a run, or the choice of a subset, draws its chance from: the same seed, the same result. */
export const Seed = z
  .int()
  .min(0, 'a seed is not negative')
  .max(2 ** 31 - 1, 'a seed is at most 2,147,483,647')

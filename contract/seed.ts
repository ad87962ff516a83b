import { z } from 'zod'

/** Seed of a run or of a subset: the same seed gives the same result. */
export const Seed = z
  .int()
  .min(0, 'a seed must not be negative')
  .max(2 ** 31 - 1, 'a seed is at most 2,147,483,647')

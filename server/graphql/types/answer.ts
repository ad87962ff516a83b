import { AppError, type Problem } from '../../errors.ts'

/** Runs a use case; expected failures go to the payload's `errors`, anything else is an internal error. */
export async function answer<Result extends object>(
  work: () => Promise<Result>,
): Promise<(Result & { errors: [] }) | { errors: Problem[] }> {
  try {
    return { ...(await work()), errors: [] }
  } catch (error) {
    if (error instanceof AppError) return { errors: [...error.problems] }
    throw error
  }
}

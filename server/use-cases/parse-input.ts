import type { z } from 'zod'
import { AppError, type Problem } from '../errors.ts'

export { nameUpTo } from '../../contract/name.ts'

/**
 * Checks an input.
 * @param under  where in the mutation's input the value stands
 * @throws AppError INVALID_INPUT with one problem for every wrong field, named by its path
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  under: string[] = [],
): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw toAppError(parsed.error, under)
}

/** A Zod error as an AppError; an unknown key is a problem of its own, at its own path. */
export function toAppError(error: z.ZodError, under: string[] = []): AppError {
  return AppError.ofProblems(error.issues.flatMap((issue) => problemsOf(issue, under)))
}

function problemsOf(issue: z.core.$ZodIssue, under: string[]): Problem[] {
  const path = [...under, ...issue.path.map(String)]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      code: 'INVALID_INPUT',
      message: `There is no “${key}” here. Leave it out, or correct its name.`,
      path: [...path, key],
    }))
  }
  const where = path.length > 0 ? `${path.join('.')}: ` : ''
  return [{ code: 'INVALID_INPUT', message: `${where}${issue.message}`, path }]
}

import { z } from 'zod'
import { UsageError } from './usage-error.ts'

/** @throws UsageError that says where something is wrong, and what */
export function check<Schema extends z.ZodType>(
  schema: Schema,
  subject: string,
  value: unknown,
): z.infer<Schema> {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw explained(subject, parsed.error)
  return parsed.data
}

/** An error of Zod as a UsageError; others as they are. */
export function explained(subject: string, error: unknown): unknown {
  if (!(error instanceof z.ZodError)) return error
  const [issue] = error.issues
  const where = [subject, issue?.path.join('.')].filter(Boolean).join(', ')
  return new UsageError(`${where}: ${issue?.message}.`)
}

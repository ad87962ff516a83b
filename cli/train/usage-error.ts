/** What was asked for cannot be done: one line says why, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

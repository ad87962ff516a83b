/** An error in the command line or the data, with a one-line message; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

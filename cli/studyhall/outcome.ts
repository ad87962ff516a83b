/** What the command ends with, for scripts. */
export const EXIT = {
  succeeded: 0,
  /** The run, the import or the export failed, or something else went wrong. */
  failed: 1,
  /** What was asked cannot be done: unknown options, names, values. */
  usage: 2,
  canceled: 3,
  /** The run succeeded and scores less than --fail-below wants. */
  belowThreshold: 4,
  /** No key, or one that is not good or may not do this. */
  notPermitted: 5,
  interrupted: 130,
} as const

export type Outcome = keyof typeof EXIT

/** Ends the command with a message for people. */
export class CommandError extends Error {
  readonly outcome: Outcome

  constructor(outcome: Outcome, message: string, options?: ErrorOptions) {
    super(message, options)
    this.outcome = outcome
  }
}

export function usageError(message: string): CommandError {
  return new CommandError('usage', message)
}

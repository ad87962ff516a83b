/** The codes of schema.graphql's ErrorCode. */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'INVALID_INPUT'
  | 'CONFLICT'
  | 'LIMIT_EXCEEDED'
  | 'NOT_READY'
  | 'UPLOAD_INCOMPLETE'
  | 'HASH_MISMATCH'

/** One thing that is wrong with what was asked. */
export interface Problem {
  code: ErrorCode
  /** For people: what happened, why, what to do. */
  message: string
  /** Where in the input; empty for the whole of it. */
  path: string[]
}

/** An expected failure: what a person did or asked cannot be done. Its problems are shown to them as they are. */
export class AppError extends Error {
  readonly problems: readonly [Problem, ...Problem[]]

  constructor(code: ErrorCode, message: string, path: string[] = [], options?: ErrorOptions) {
    super(message, options)
    this.name = 'AppError'
    this.problems = [{ code, message, path }]
  }

  /** Several problems at once: every wrong field of a form, say. At least one. */
  static ofProblems(problems: readonly Problem[]): AppError {
    const [first, ...others] = problems
    if (!first) throw new Error('an AppError needs a problem')
    const error = new AppError(first.code, first.message, first.path)
    return Object.assign(error, { problems: [first, ...others] })
  }

  get code(): ErrorCode {
    const [{ code }] = this.problems
    return code
  }
}

/**
 * The one answer for a thing that is not there and for one that is not the asker's to see, so that nobody learns
 * which of both it is.
 * @param noun  as in the glossary: `run`, `dataset version`
 */
export function notFound(noun: string, path: string[] = []): AppError {
  return new AppError('NOT_FOUND', `There is no such ${noun}, or it is not yours to see.`, path)
}

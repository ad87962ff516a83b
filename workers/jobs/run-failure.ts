import type { FailureCode } from '../../contract/runs/run-events.ts'

/** A failure with a message that a user can act on. */
export class RunFailure extends Error {
  override readonly name = 'RunFailure'
  readonly code: FailureCode

  constructor(code: FailureCode, message: string) {
    super(message)
    this.code = code
  }
}

/** A full disk, an exhausted quota, or a file that exceeds the process's size limit. */
const DISK_FULL_ERROR = /\b(ENOSPC|EDQUOT|EFBIG)\b/

/** Converts any error into a failure of the run. */
export function explainFailure(error: unknown): RunFailure {
  if (error instanceof RunFailure) return error
  if (isDiskFullMessage(error)) return diskFull((error as Error).message)
  return new RunFailure('INTERNAL', 'Something went wrong inside the worker; its log has the details.')
}

export function diskFull(detail: string): RunFailure {
  const advice =
    'There is no space left on a disk of the worker or of the storage. The run resumes when there is.'
  return new RunFailure('DISK_FULL', `${advice} (${detail.slice(0, 500)})`)
}

export function isDiskFullMessage(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (DISK_FULL_ERROR.test(`${(cause as NodeJS.ErrnoException).code} ${cause.message}`)) return true
  return false
}

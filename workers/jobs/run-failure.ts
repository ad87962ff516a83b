import type { FailureCode } from '../../contract/run-events.ts'

/** A failure that a person can act on. */
export class RunFailure extends Error {
  override readonly name = 'RunFailure'
  readonly code: FailureCode

  constructor(code: FailureCode, message: string) {
    super(message)
    this.code = code
  }
}

/** A disk without room, a quota that is used up, or a file that grew beyond what its process may write. */
const NO_ROOM = /\b(ENOSPC|EDQUOT|EFBIG)\b/

/** Any error as a failure of the run. */
export function explainFailure(error: unknown): RunFailure {
  if (error instanceof RunFailure) return error
  if (isDiskFullMessage(error)) return noRoom((error as Error).message)
  return new RunFailure('INTERNAL', 'Something went wrong inside the worker, and its log says what.')
}

export function noRoom(detail: string): RunFailure {
  const advice =
    'There is no room left on a disk of the worker or of the storage. The run goes on when there is.'
  return new RunFailure('DISK_FULL', `${advice} (${detail.slice(0, 500)})`)
}

export function isDiskFullMessage(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (NO_ROOM.test(`${(cause as NodeJS.ErrnoException).code} ${cause.message}`)) return true
  return false
}

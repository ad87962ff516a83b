import { FAILURE_LENGTH } from '../../contract/limits.ts'
import type { FailureCode } from '../../contract/runs/run-events.ts'
import { toStorable } from '../../contract/text.ts'

/** Why an attempt or the run failed, worded so that a person can act on it. */
export interface Failure {
  code: FailureCode
  message: string
}

/** Truncates and cleans the message: some come from TensorFlow, with any length and any characters. */
export function toStorableFailure({ code, message }: Failure): Failure {
  return { code, message: toStorable(message, FAILURE_LENGTH) }
}

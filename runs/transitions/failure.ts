import { FAILURE_LENGTH } from '../../contract/limits.ts'
import type { FailureCode } from '../../contract/run-events.ts'
import { toStorable } from '../../contract/text.ts'

/** Why an attempt, or the run, failed: for a person to act on. */
export interface Failure {
  code: FailureCode
  message: string
}

/** TensorFlow words some of the messages, and what it says has any length and any characters. */
export function toStorableFailure({ code, message }: Failure): Failure {
  return { code, message: toStorable(message, FAILURE_LENGTH) }
}

import type { FailureCode } from '../../../contract/run-events.ts'
import type { RunAttemptResolvers } from '../generated/resolvers.ts'

export const RunAttempt: RunAttemptResolvers = {
  failure: ({ failureCode, failureMessage }) =>
    failureCode && failureMessage ? { code: failureCode as FailureCode, message: failureMessage } : null,
}

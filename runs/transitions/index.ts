/**
 * Every change of a run's state: a function each, which writes row, attempt and event, and notifies, in one transaction.
 * Nothing else writes a run's status. Which may follow which: RUN_TRANSITIONS of contract/run-states.ts.
 *
 *     queueRun                       -> QUEUED
 *     claimNextRun      QUEUED       -> STARTING
 *     enterPhase        STARTING     -> RUNNING
 *     succeed, fail     held         -> SUCCEEDED, FAILED
 *     releaseStopped    held         -> QUEUED, or PAUSED from PAUSING
 *     releaseFailed     held         -> QUEUED, PAUSED or FAILED, as the failure is
 *     releaseLost       held         -> as releaseFailed
 *     pause             not ended    -> PAUSED, or PAUSING where a worker holds it
 *     resume            PAUSED       -> QUEUED; PAUSING -> RUNNING
 *     resumeDueForRoom  PAUSED       -> QUEUED
 *     cancel            not ended    -> CANCELED
 *     retry             FAILED, CANCELED -> QUEUED
 */
export { type Beginning, beginTraining, enterPhase } from './begin.ts'
export { claimNextRun } from './claim.ts'
export { cancel, fail, type Outcome, succeed } from './end.ts'
export type { Failure } from './enter-status.ts'
export { pause } from './pause.ts'
export { type NewRun, queueRun, resume, resumeDueForRoom, retry } from './queue.ts'
export { releaseFailed, releaseLost, releaseStopped } from './release.ts'

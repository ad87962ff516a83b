/**
 * Every transition of a run's status: one function each, which writes row, attempt and event and notifies,
 * in one transaction. Nothing else writes a run's status. RUN_TRANSITIONS in contract/runs/run-states.ts lists
 * what is allowed.
 *
 *     queueRun                       -> QUEUED
 *     claimNextRun      QUEUED       -> STARTING
 *     enterPhase        STARTING     -> RUNNING
 *     succeed, fail     held         -> SUCCEEDED, FAILED
 *     releaseStopped    held         -> QUEUED, or PAUSED from PAUSING
 *     releaseFailed     held         -> QUEUED, PAUSED or FAILED, depending on the failure
 *     releaseLost       held         -> as releaseFailed
 *     pause             not ended    -> PAUSED, or PAUSING if a worker holds it
 *     resume            PAUSED       -> QUEUED; PAUSING -> RUNNING
 *     resumeDueForRoom  PAUSED       -> QUEUED
 *     cancel            not ended    -> CANCELED
 *     retry             FAILED, CANCELED -> QUEUED
 */
export { type Beginning, beginTraining, enterPhase, recordExecution } from './begin.ts'
export { type Claimed, claimNextRun } from './claim.ts'
export { cancel, fail, type Outcome, succeed } from './end.ts'
export type { Failure } from './failure.ts'
export { pause } from './pause.ts'
export { type NewRun, queueRun, resume, resumeDueForRoom, retry } from './queue.ts'
export { releaseFailed, releaseLost, releaseStopped } from './release.ts'

import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import type { TrainingEvent } from '../../contract/training.ts'
import { DETERMINISTIC } from '../../experiments/record.ts'
import { forRequest } from '../../logging/request-context.ts'
import { continueTrace, traced } from '../../logging/tracing.ts'
import { type Lease, LeaseLostError, writeUnderLease } from '../../runs/lease.ts'
import {
  type Claimed,
  claimNextRun,
  recordExecution,
  releaseFailed,
  releaseStopped,
} from '../../runs/transitions/index.ts'
import { BlobMissing } from '../../storage/blob-storage.ts'
import { RunAlarms } from '../alarms/run-alarms.ts'
import type { CardUsage } from '../devices/card-usage.ts'
import { ArrivingShards } from '../training/arriving-shards.ts'
import { classifyLine } from '../training/classify-line.ts'
import { startTraining, type TrainingEnd } from '../training/start-training.ts'
import { fetchNewestCheckpoint } from './fetch-checkpoint.ts'
import { finishRun } from './finish-run.ts'
import { HeldLease } from './held-lease.ts'
import { explainFailure, RunFailure } from './run-failure.ts'
import { RunRecorder } from './run-recorder.ts'
import { scratchPrefix } from './scratch.ts'
import { traceTraining } from './trace-training.ts'
import { datasetGone, makeTrainingOrder, type ResumableOrder, type RunWithInputs } from './training-order.ts'
import { TrainingRecord } from './training-record.ts'
import type { WorkerContext } from './worker-context.ts'

/**
 * Claims the run whose turn it is and trains it until it ends, pauses or has to be returned to the queue.
 * @param device  environment variables that select the training process's device
 * @returns false if no queued run can be taken by this worker
 */
export async function trainNextRun(context: WorkerContext, device: NodeJS.ProcessEnv = {}): Promise<boolean> {
  const { database, claimant } = context
  if (context.shutdown.aborted) return false
  const claimed = await claimNextRun(database, claimant)
  if (!claimed) return false
  await forRequest(claimed.requestId, () => trainClaimed(context, claimed, device))
  return true
}

async function trainClaimed(
  context: WorkerContext,
  { requestId: _, traceparent, ...lease }: Claimed,
  device: NodeJS.ProcessEnv,
): Promise<void> {
  const log = context.log.child({ runId: lease.runId })
  log.info({ fence: lease.fence }, 'claimed the run')
  const held = new HeldLease(context, lease)
  try {
    const attributes = { 'studyhall.run': lease.runId, 'studyhall.worker': context.claimant.workerName }
    await continueTrace(traceparent, 'train run', attributes, () => runTraining(context, held, device))
  } catch (error) {
    if (error instanceof LeaseLostError)
      log.info('the lease is lost: the run was canceled or claimed by another worker')
    else await releaseAfterFailure(context, lease, error)
  } finally {
    held.release()
  }
}

async function runTraining(
  context: WorkerContext,
  held: HeldLease,
  device: NodeJS.ProcessEnv,
): Promise<void> {
  const { database, storage, config } = context
  const { lease } = held
  const run = await readRun(context, lease)
  await mkdir(config.scratchFolder, { recursive: true })
  const folder = await mkdtemp(path.join(config.scratchFolder, scratchPrefix()))
  try {
    const { order, remote } = await makeTrainingOrder(run, storage, folder, context)
    const { threadsPerOperation, execution } = order
    await recordExecution(database, lease, {
      threadsPerOperation,
      executionMode: execution.mode,
      executionDevice: execution.device,
    })
    const shards = new ArrivingShards(storage, remote)
    const settings = { ...(run.experimentId !== null && DETERMINISTIC), ...device }
    const { end, record } = await traced('training process', {}, (span) =>
      superviseTraining(context, held, { order, shards }, settings, traceTraining(span)),
    )
    if (end.outcome === 'failed') throw new RunFailure(end.code, end.message)
    if (end.outcome === 'stopped') await writeUnderLease(database, lease, releaseStopped)
    else await finishRun(database, storage, lease, { ...run, students: run.cohort.students }, record.results)
    context.log.info({ runId: lease.runId, outcome: end.outcome }, 'the training has ended')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function readRun({ database }: WorkerContext, { runId }: Lease): Promise<RunWithInputs> {
  return database.run.findUniqueOrThrow({
    where: { id: runId },
    include: { cohort: { include: { students: { orderBy: { position: 'asc' } } } }, datasetVersion: true },
  })
}

/**
 * Trains from the latest checkpoint, records the training process's messages, and waits until all are
 * written.
 */
async function superviseTraining(
  { database, storage, config, sampleCard }: WorkerContext,
  held: HeldLease,
  { order, shards }: { order: ResumableOrder; shards: ArrivingShards },
  device: NodeJS.ProcessEnv,
  onEvent: (event: TrainingEvent) => void,
): Promise<{ end: TrainingEnd; record: TrainingRecord }> {
  const failed = new AbortController()
  const watching = {
    alarms: new RunAlarms(database, held.lease, order),
    sampleCard: () => cardLoadOf(sampleCard?.(device.CUDA_VISIBLE_DEVICES ?? '')),
  }
  const recorder = new RunRecorder(database, held.lease, (error) => failed.abort(error), watching)
  const record = new TrainingRecord(recorder, storage, (error) => failed.abort(error))
  const ended = new AbortController()
  const failShards = (error: unknown) => {
    if (!ended.signal.aborted) failed.abort(error instanceof BlobMissing ? datasetGone() : error)
  }
  const logLine = (level: 'INFO' | 'WARN', message: string) => recorder.addLog('WORKER', level, message)
  await provideCheckpoint({ database, storage }, held.lease, order, logLine)
  const training = startTraining(
    order,
    { ...config.trainingEnvironment, ...device },
    {
      onEvent: (event) => {
        record.take(event)
        onEvent(event)
      },
      onLine: (line, stream) => {
        const { source, level } = classifyLine(line, stream)
        recorder.addLog(source, level, line)
      },
      onShardRequest: (request) => void shards.answer(request, training.send, ended.signal).catch(failShards),
    },
  )
  void shards.fetchAll(training.send, ended.signal).catch(failShards)
  const { lost, stop } = held
  onAbort(stop, () => training.stop())
  // Killed without saving: results of a lost lease cannot be written, and with a full disk there is nowhere
  // to save.
  const abandoned = AbortSignal.any([lost, failed.signal])
  onAbort(abandoned, () => training.kill())
  const end = await training.ended
  ended.abort()
  await record.settle()
  if (abandoned.aborted) throw abandoned.reason
  return { end, record }
}

function cardLoadOf(usage: CardUsage | null | undefined) {
  return usage ? { memoryBytes: usage.memoryUsedBytes, utilization: usage.utilization } : null
}

/** Downloads the latest checkpoint to where the training process looks for it. */
async function provideCheckpoint(
  { database, storage }: Pick<WorkerContext, 'database' | 'storage'>,
  { runId }: Lease,
  { checkpoints }: ResumableOrder,
  logLine: (level: 'INFO' | 'WARN', message: string) => void,
): Promise<void> {
  const warn = (message: string) => logLine('WARN', message)
  const checkpoint = await fetchNewestCheckpoint(database, storage, runId, checkpoints.folder, warn)
  if (checkpoint) logLine('INFO', `The training resumes from the checkpoint of step ${checkpoint.step}.`)
}

function onAbort(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act()
  else signal.addEventListener('abort', act, { once: true })
}

async function releaseAfterFailure(
  { database, log }: WorkerContext,
  lease: Lease,
  error: unknown,
): Promise<void> {
  log.error({ runId: lease.runId, err: error }, 'the attempt failed')
  const failure = explainFailure(error)
  await writeUnderLease(database, lease, (tx, run) => releaseFailed(tx, run, failure)).catch((problem) => {
    if (!(problem instanceof LeaseLostError)) throw problem
  })
}

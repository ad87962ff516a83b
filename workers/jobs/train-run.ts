import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { type Lease, LeaseLostError, writeUnderLease } from '../../runs/lease.ts'
import { claimNextRun, releaseFailed, releaseStopped } from '../../runs/transitions/index.ts'
import { BlobMissing } from '../../storage/blob-storage.ts'
import { ArrivingShards } from '../training/arriving-shards.ts'
import { classifyLine } from '../training/classify-line.ts'
import { startTraining, type TrainingEnd } from '../training/start-training.ts'
import { fetchNewestCheckpoint } from './fetch-checkpoint.ts'
import { finishRun } from './finish-run.ts'
import { HeldLease } from './held-lease.ts'
import { explainFailure, RunFailure } from './run-failure.ts'
import { RunRecorder } from './run-recorder.ts'
import { scratchPrefix } from './scratch.ts'
import { datasetGone, makeTrainingOrder, type ResumableOrder, type RunWithInputs } from './training-order.ts'
import { TrainingRecord } from './training-record.ts'
import type { WorkerContext } from './worker-context.ts'

/**
 * Takes the run whose turn it is and trains it until it ends, pauses or has to be given back.
 * @param device  what the training process's environment says of its device
 * @returns false where no run waits that this worker may take
 */
export async function trainNextRun(context: WorkerContext, device: NodeJS.ProcessEnv = {}): Promise<boolean> {
  const { database, claimant } = context
  if (context.shutdown.aborted) return false
  const lease = await claimNextRun(database, claimant)
  if (!lease) return false
  const log = context.log.child({ runId: lease.runId })
  log.info({ fence: lease.fence }, 'took the run')
  const held = new HeldLease(context, lease)
  try {
    await carryOutRun(context, held, device)
  } catch (error) {
    if (error instanceof LeaseLostError) log.info('the run is no longer ours: it was canceled or taken over')
    else await endFailed(context, lease, error)
  } finally {
    held.release()
  }
  return true
}

async function carryOutRun(
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
    const { order, distant } = await makeTrainingOrder(run, storage, folder, config)
    const shards = new ArrivingShards(storage, distant)
    const { end, record } = await superviseTraining(context, held, { order, shards }, device)
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

/** Has the training done from the newest checkpoint on, writes down what it tells, and waits until all is written. */
async function superviseTraining(
  { database, storage, config }: WorkerContext,
  held: HeldLease,
  { order, shards }: { order: ResumableOrder; shards: ArrivingShards },
  device: NodeJS.ProcessEnv,
): Promise<{ end: TrainingEnd; record: TrainingRecord }> {
  const given = new AbortController()
  const recorder = new RunRecorder(database, held.lease, (error) => given.abort(error))
  const record = new TrainingRecord(recorder, storage, (error) => given.abort(error))
  const over = new AbortController()
  const loseShards = (error: unknown) => {
    if (!over.signal.aborted) given.abort(error instanceof BlobMissing ? datasetGone() : error)
  }
  const say = (level: 'INFO' | 'WARN', message: string) => recorder.addLog('WORKER', level, message)
  await giveCheckpoint({ database, storage }, held.lease, order, say)
  const training = startTraining(
    order,
    { ...config.trainingEnvironment, ...device },
    {
      onEvent: (event) => record.take(event),
      onLine: (line, stream) => {
        const { source, level } = classifyLine(line, stream)
        recorder.addLog(source, level, line)
      },
      onShardRequest: (request) => void shards.answer(request, training.tell, over.signal).catch(loseShards),
    },
  )
  void shards.fetchAll(training.tell, over.signal).catch(loseShards)
  const { lost, stop } = held
  onAbort(stop, () => training.stop())
  // Nothing of it will be kept, and a run that has lost its disk has nothing to save on.
  const giveUp = AbortSignal.any([lost, given.signal])
  onAbort(giveUp, () => training.kill())
  const end = await training.ended
  over.abort()
  await record.settle()
  if (giveUp.aborted) throw giveUp.reason
  return { end, record }
}

/** Fetches the newest one to where the training looks for it. */
async function giveCheckpoint(
  { database, storage }: Pick<WorkerContext, 'database' | 'storage'>,
  { runId }: Lease,
  { checkpoints }: ResumableOrder,
  say: (level: 'INFO' | 'WARN', message: string) => void,
): Promise<void> {
  const warn = (message: string) => say('WARN', message)
  const checkpoint = await fetchNewestCheckpoint(database, storage, runId, checkpoints.folder, warn)
  if (checkpoint) say('INFO', `The training is given the checkpoint of step ${checkpoint.step}.`)
}

function onAbort(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act()
  else signal.addEventListener('abort', act, { once: true })
}

async function endFailed({ database, log }: WorkerContext, lease: Lease, error: unknown): Promise<void> {
  log.error({ runId: lease.runId, err: error }, 'the attempt failed')
  const failure = explainFailure(error)
  await writeUnderLease(database, lease, (tx, run) => releaseFailed(tx, run, failure)).catch((problem) => {
    if (!(problem instanceof LeaseLostError)) throw problem
  })
}

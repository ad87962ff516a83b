import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import type { TrainingEvent, TrainingOrder } from '../../contract/training.ts'
import { startTraining, type TrainingEnd } from '../training/start-training.ts'
import { finishRun, type TrainingResults } from './finish-run.ts'
import { claimRun, HEARTBEAT_MS, type Lease, LeaseLost, renewLease } from './run-lease.ts'
import { RunRecorder } from './run-recorder.ts'
import { failRun, RunFailure, requeueRun } from './run-status.ts'
import { makeTrainingOrder, type RunWithInputs } from './training-order.ts'
import type { WorkerContext } from './worker-context.ts'

/** Trains a QUEUED run to its end, whatever that is. A run in any other status is somebody else's, or done. */
export async function trainRun(context: WorkerContext, runId: string): Promise<void> {
  const { database, config } = context
  const log = context.log.child({ runId })
  const lease = await claimRun(database, runId, config.name)
  if (!lease) {
    log.info('the run is not queued: nothing to do')
    return
  }
  log.info({ fence: lease.fence }, 'took the run')
  try {
    await carryOutRun(context, lease)
  } catch (error) {
    if (error instanceof LeaseLost) log.info('the run is no longer ours: it was canceled or taken over')
    else await endFailed(context, lease, error)
  }
}

async function carryOutRun(context: WorkerContext, lease: Lease): Promise<void> {
  const { database, storage, config } = context
  const run = await readRun(context, lease)
  await mkdir(config.scratchFolder, { recursive: true })
  const folder = await mkdtemp(path.join(config.scratchFolder, 'training-'))
  try {
    const order = await makeTrainingOrder(run, storage, folder)
    const { end, results } = await superviseTraining(context, lease, order)
    if (end.outcome === 'failed') throw new RunFailure(end.code, end.message)
    if (end.outcome === 'stopped') await requeueRun(database, lease)
    else await finishRun(database, storage, lease, { ...run, students: run.cohort.students }, results)
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

/** Runs the training process, writes down what it tells, and keeps the lease until it is gone. */
async function superviseTraining(
  { database, config, control, shutdown }: WorkerContext,
  lease: Lease,
  order: TrainingOrder,
): Promise<{ end: TrainingEnd; results: TrainingResults }> {
  const results: TrainingResults = { evaluation: undefined, files: [] }
  let failure: unknown
  const giveUp = (error: unknown) => {
    failure ??= error
    training.stop()
  }
  const recorder = new RunRecorder(database, lease, giveUp)
  const training = startTraining(order, config.trainingEnvironment, {
    onEvent: (event) => recordTrainingEvent(event, recorder, results),
    onLine: (line, stream) => recorder.addLog(stream === 'stderr' ? 'WARN' : 'INFO', line),
  })
  const keepLease = async () => {
    // A database that is away does not end a training: the fence decides when it is back.
    const isOurs = await renewLease(database, lease).catch(() => true)
    if (!isOurs) giveUp(new LeaseLost('the heartbeat was refused'))
  }
  const heartbeat = setInterval(() => void keepLease(), HEARTBEAT_MS)
  const unwatch = control.watch(lease.runId, () => void keepLease())
  const stop = () => training.stop()
  shutdown.addEventListener('abort', stop)
  if (shutdown.aborted) stop()
  try {
    const end = await training.ended
    await recorder.flush()
    if (failure) throw failure
    return { end, results }
  } finally {
    clearInterval(heartbeat)
    unwatch()
    shutdown.removeEventListener('abort', stop)
  }
}

function recordTrainingEvent(event: TrainingEvent, recorder: RunRecorder, results: TrainingResults): void {
  if (event.type === 'phase') recorder.enterPhase(event.phase)
  else if (event.type === 'metrics') recorder.addMetrics(event)
  else if (event.type === 'log') recorder.addLog(event.level, event.message)
  else if (event.type === 'evaluation') results.evaluation = event.evaluation
  else if (event.type === 'artifact') results.files.push(event)
}

async function endFailed({ database, log }: WorkerContext, lease: Lease, error: unknown): Promise<void> {
  const isKnown = error instanceof RunFailure
  log.error({ runId: lease.runId, err: error }, 'the run failed')
  const failure = isKnown
    ? error
    : new RunFailure(
        'INTERNAL',
        'Something went wrong inside the worker, and its log says what. Start the run again.',
      )
  await failRun(database, lease, failure).catch((problem) => {
    if (!(problem instanceof LeaseLost)) throw problem
  })
}

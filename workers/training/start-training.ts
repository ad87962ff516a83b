import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { FailureCode } from '../../contract/runs/run-events.ts'
import {
  ShardRequest,
  type TrainingControl,
  TrainingEvent,
  type TrainingOrder,
} from '../../contract/training.ts'
import { isOutOfMemoryMessage, MemoryKillWatch } from './out-of-memory.ts'
import { readLines } from './process-lines.ts'
import { withThreads } from './training-environment.ts'

/**
 * The built file, even if the worker runs from source: loading the engine's sources takes three times as
 * long.
 */
const PROCESS = fileURLToPath(new URL('../../dist/training-process.js', import.meta.url))
/** A step and writing a checkpoint take less; a process that takes longer is stuck. */
const STOP_GRACE_MS = 20_000
const KEPT_ERROR_LINES = 20

export interface TrainingListener {
  /** Called for every event but the last, in order. */
  onEvent(event: TrainingEvent): void
  /** Called for every line that the process prints. */
  onLine(line: string, stream: 'stdout' | 'stderr'): void
  /** Called when images are needed from a shard for which the order had no file. */
  onShardRequest?(request: ShardRequest): void
}

export type TrainingEnd =
  | { outcome: 'finished' }
  | { outcome: 'stopped' }
  | { outcome: 'failed'; code: FailureCode; message: string }

export interface Training {
  pid: number | undefined
  /** Asks it to stop after the current step and a checkpoint; kills it after 20 s. Idempotent. */
  stop(): void
  /** Sends it a message about shards; does nothing if it has already ended. */
  send(control: TrainingControl): void
  /** Kills it at once; what it has not sent is lost. */
  kill(): void
  /** Resolves when the process is gone; never rejects. */
  ended: Promise<TrainingEnd>
}

/** Starts a training process with an order. It dies with this process. */
export function startTraining(
  order: TrainingOrder,
  environment: NodeJS.ProcessEnv,
  { onEvent, onLine, onShardRequest }: TrainingListener,
): Training {
  const memoryKills = new MemoryKillWatch()
  const child = fork(PROCESS, {
    env: withThreads(environment, order.threadsPerOperation),
    execArgv: ['--enable-source-maps'],
    // Unlike JSON, supports NaN and infinity.
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let last: TrainingEnd | undefined
  let stopRequested = false
  const errorLines: string[] = []

  const ended = new Promise<TrainingEnd>((resolve) => {
    child.on('error', (error) => {
      void memoryKills.end()
      resolve(failure('INTERNAL', `The training process could not be started: ${error.message}`))
    })
    // `close` comes after the last message and the last line; `exit` may come earlier.
    child.once('close', async (code, signal) => {
      const kernelKilled = await memoryKills.end()
      if (last) resolve(last)
      else if (stopRequested) resolve({ outcome: 'stopped' })
      else resolve(explainDeath(code, signal, errorLines, kernelKilled))
    })
  })
  // A process that could not be started has no streams.
  if (child.stdout) readLines(child.stdout, (line) => onLine(line, 'stdout'))
  if (child.stderr)
    readLines(child.stderr, (line) => {
      errorLines.push(line)
      if (errorLines.length > KEPT_ERROR_LINES) errorLines.shift()
      onLine(line, 'stderr')
    })
  child.on('message', (message) => {
    const request = ShardRequest.safeParse(message)
    if (request.success) return onShardRequest?.(request.data)
    const parsed = TrainingEvent.safeParse(message)
    if (!parsed.success)
      onLine(`an event that breaks the protocol was dropped: ${parsed.error.message}`, 'stderr')
    else if (last === undefined) {
      last = endOf(parsed.data)
      if (!last) onEvent(parsed.data)
    }
  })
  send(child, { type: 'start', order })

  const kill = () => void child.kill('SIGKILL')
  return { pid: child.pid, stop, send: (control) => send(child, control), kill, ended }

  function stop(): void {
    if (stopRequested) return
    stopRequested = true
    send(child, { type: 'stop' })
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS)
    void ended.then(() => clearTimeout(timer))
  }
}

/** Does nothing if the child is gone; `close` reports its end. */
function send(child: ReturnType<typeof fork>, control: TrainingControl): void {
  if (child.connected) child.send(control, () => {})
}

function endOf(event: TrainingEvent): TrainingEnd | undefined {
  if (event.type === 'finished' || event.type === 'stopped') return { outcome: event.type }
  if (event.type === 'failed') return failure(event.code, event.message)
  return undefined
}

function failure(code: FailureCode, message: string): TrainingEnd {
  return { outcome: 'failed', code, message }
}

/** Why a process ended without reporting an outcome. */
function explainDeath(
  code: number | null,
  signal: string | null,
  errorLines: readonly string[],
  kernelKilled: boolean,
): TrainingEnd {
  const killed = signal === 'SIGKILL' || code === 137
  if ((killed && kernelKilled) || errorLines.some(isOutOfMemoryMessage))
    return failure(
      'OUT_OF_MEMORY',
      'The machine ran out of memory during the training. Use a smaller batch, smaller images, or fewer or smaller students.',
    )
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`
  const lastLines = errorLines.length > 0 ? ` Its last lines: ${errorLines.slice(-3).join(' | ')}` : ''
  return failure(
    'WORKER_LOST',
    `The training process ${how} before the run was done.${lastLines}`.slice(0, 2000),
  )
}

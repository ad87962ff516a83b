import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import {
  type ExportAnswer,
  ExportMessage,
  type ExportOrder,
  type ExportStep,
} from '../../contract/exports.ts'
import { readLines } from './process-lines.ts'

const PROCESS = fileURLToPath(new URL('../../dist/export-process.js', import.meta.url))
/** A model with a hundred million parameters takes a minute; a process that takes this long is stuck. */
const LIMIT_MS = 10 * 60 * 1000
const KEPT_LINES = 5

/**
 * Writes an export in a separate process, which dies with this one, and waits for it.
 * @param onStep  called for each step, in the order of EXPORT_STEPS
 * @throws if the process could not be started, broke the protocol or exited without a reply, or if `signal`
 * ended it
 */
export async function writeExport(
  order: ExportOrder,
  environment: NodeJS.ProcessEnv,
  { signal, onStep }: { signal: AbortSignal; onStep: (step: ExportStep) => void },
): Promise<ExportAnswer> {
  const child = fork(PROCESS, {
    env: environment,
    execArgv: ['--enable-source-maps'],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const lines = keepLastLines(child)
  let answer: ExportAnswer | undefined
  const kill = () => child.kill('SIGKILL')
  const timer = setTimeout(kill, LIMIT_MS)
  signal.addEventListener('abort', kill, { once: true })
  try {
    const how = await new Promise<string>((resolve, reject) => {
      child.on('error', reject)
      child.on('message', (message) => {
        const read = ExportMessage.safeParse(message)
        // An exception thrown in this event handler would crash the worker.
        if (!read.success) reject(brokenProtocol(read.error))
        else if (read.data.type === 'step') onStep(read.data.step)
        else answer = read.data
      })
      child.once('close', (code, killedBy) => resolve(killedBy ?? `exit code ${code}`))
      if (child.connected) child.send(order)
    })
    signal.throwIfAborted()
    if (answer) return answer
    throw new Error(`the export process ended by ${how}: ${lines.join(' | ')}`)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', kill)
    kill()
  }
}

/**
 * A live list of the last lines that a process printed. A process that could not be started has no streams.
 */
function keepLastLines({ stdout, stderr }: ChildProcess): readonly string[] {
  const lines: string[] = []
  for (const stream of [stdout, stderr])
    if (stream)
      readLines(stream, (line) => {
        lines.push(line)
        if (lines.length > KEPT_LINES) lines.shift()
      })
  return lines
}

function brokenProtocol(error: z.ZodError): Error {
  return new Error(
    `the export process sent an unknown message; are worker and export process of the same version? ${z.prettifyError(error)}`,
  )
}

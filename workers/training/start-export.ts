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
/** A model of a hundred million parameters takes a minute; what takes longer is stuck. */
const LIMIT_MS = 10 * 60 * 1000
const KEPT_LINES = 5

/**
 * Has an export written by a process of its own, and waits for it. It dies with this process.
 * @param onStep  told what it is about, in the order of EXPORT_STEPS
 * @throws Error where it could not be started, broke the protocol or ended without an answer, or `signal` ended it
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
        // Thrown from here, it would end the worker.
        if (!read.success) reject(brokenProtocol(read.error))
        else if (read.data.type === 'step') onStep(read.data.step)
        else answer = read.data
      })
      child.once('close', (code, killedBy) => resolve(killedBy ?? `exit code ${code}`))
      if (child.connected) child.send(order)
    })
    signal.throwIfAborted()
    if (answer) return answer
    throw new Error(`the process that writes an export ended by ${how}: ${lines.join(' | ')}`)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', kill)
    kill()
  }
}

/** The last lines that a process printed, of which more come. A process that could not be started has no streams. */
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
    `the process that writes an export sent what no export sends; are both of one version? ${z.prettifyError(error)}`,
  )
}

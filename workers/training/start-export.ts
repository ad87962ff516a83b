import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ExportAnswer, type ExportOrder, type ExportStep, ExportTold } from '../../contract/exports.ts'
import { readLines } from './process-lines.ts'

const PROCESS = fileURLToPath(new URL('export-process.ts', import.meta.url))
/** A model of a hundred million parameters takes a minute; what takes longer is stuck. */
const LIMIT_MS = 10 * 60 * 1000
const KEPT_LINES = 5

/**
 * Has an export written by a process of its own, and waits for it. It dies with this process.
 * @param onStep  told what it is about, in the order of EXPORT_STEPS
 * @throws Error where it ended without an answer, or `signal` ended it
 */
export async function writeExport(
  order: ExportOrder,
  environment: NodeJS.ProcessEnv,
  { signal, onStep }: { signal: AbortSignal; onStep: (step: ExportStep) => void },
): Promise<ExportAnswer> {
  const child = fork(PROCESS, {
    env: environment,
    execArgv: ['--import', import.meta.resolve('tsx')],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const lines: string[] = []
  const keep = (line: string) => {
    lines.push(line)
    if (lines.length > KEPT_LINES) lines.shift()
  }
  readLines(child.stdout!, keep)
  readLines(child.stderr!, keep)
  let answer: ExportAnswer | undefined
  child.on('message', (message) => {
    const told = ExportTold.safeParse(message)
    if (told.success) onStep(told.data.step)
    else answer = ExportAnswer.parse(message)
  })
  const kill = () => child.kill('SIGKILL')
  const timer = setTimeout(kill, LIMIT_MS)
  signal.addEventListener('abort', kill, { once: true })
  try {
    child.send(order)
    const how = await new Promise<string>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, killedBy) => resolve(killedBy ?? `exit code ${code}`))
    })
    signal.throwIfAborted()
    if (answer) return answer
    throw new Error(`the process that writes an export ended by ${how}: ${lines.join(' | ')}`)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', kill)
  }
}

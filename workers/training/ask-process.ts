import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { readLines } from './process-lines.ts'

const KEPT_LINES = 5

export interface Question<Message> {
  /** Name of a built program: dist/<program>.js. */
  program: string
  /** Sent to the process once. */
  order: unknown
  /** Of what the process sends. */
  messages: z.ZodType<Message>
  environment: NodeJS.ProcessEnv
  /** A process that takes longer is stuck. */
  limitMs: number
  /** Ends the process. */
  signal: AbortSignal
  /** Takes what is only progress. @returns whether it was; anything else is the answer */
  onProgress(message: Message): boolean
}

/**
 * Has a process of its own, which dies with this one, answer a question.
 * @throws if it could not be started, broke the protocol or exited without an answer, or if `signal` ended it
 */
export async function askProcess<Message>(question: Question<Message>): Promise<Message> {
  const { program, order, messages, environment, limitMs, signal, onProgress } = question
  // An event that was before nobody hears.
  signal.throwIfAborted()
  const child = fork(fileURLToPath(new URL(`../../dist/${program}.js`, import.meta.url)), {
    env: environment,
    execArgv: ['--enable-source-maps'],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const lines = keepLastLines(child)
  let answer: Message | undefined
  let isStuck = false
  const kill = () => child.kill('SIGKILL')
  const timer = setTimeout(() => {
    isStuck = true
    kill()
  }, limitMs)
  signal.addEventListener('abort', kill, { once: true })
  try {
    const how = await new Promise<string>((resolve, reject) => {
      child.on('error', reject)
      child.on('message', (message) => {
        const read = messages.safeParse(message)
        // An exception thrown in this event handler would crash the worker.
        if (!read.success) reject(brokenProtocol(program, read.error))
        else if (!onProgress(read.data)) answer = read.data
      })
      child.once('close', (code, killedBy) => resolve(killedBy ?? `exit code ${code}`))
      if (child.connected) child.send(order as object)
    })
    signal.throwIfAborted()
    if (answer) return answer
    const why = isStuck ? `was ended after ${limitMs / 60_000} minutes` : `ended by ${how}`
    throw new Error(`the ${program} ${why}: ${lines.join(' | ')}`)
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

function brokenProtocol(program: string, error: z.ZodError): Error {
  return new Error(
    `the ${program} sent an unknown message; are worker and ${program} of the same version? ${z.prettifyError(error)}`,
  )
}

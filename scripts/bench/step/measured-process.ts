import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import {
  chooseThreads,
  trainingEnvironment,
  withThreads,
} from '../../../workers/training/training-environment.ts'
import { type CohortOptions, cohortOf } from './options.ts'

/** The answer to an order of steps. */
export interface Timing {
  /** Of each step. */
  seconds: number[]
  /** The part of each step that waited for its batch; only the engine tells. */
  batchWaitSeconds?: number[]
  /** Where a checkpoint was asked for. */
  saved?: SavedCheckpoint
  /** Of the process, since it began. */
  peakRssMiB: number
}

/** What the saving of a checkpoint took. */
export interface SavedCheckpoint {
  /** For which the training stood still: the copy of the state. */
  pauseSeconds: number
  /** From then until it was on the disk, while the training went on. */
  writeSeconds: number
  bytes: number
}

/**
 * A process that trains and takes orders as JSON lines: it speaks first, then answers each order with one line. Between
 * two orders it rests, so that several can be measured in turn.
 */
export class MeasuredProcess<Greeting> {
  private readonly child: ChildProcess
  private readonly lines: AsyncIterableIterator<string>
  private readonly name: string
  private readonly lastWords: string[] = []

  constructor(name: string, command: string, args: string[], env: NodeJS.ProcessEnv) {
    this.name = name
    this.child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
    this.lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]()
    createInterface({ input: this.child.stderr! }).on('line', (line) => {
      this.lastWords.push(line)
      if (this.lastWords.length > 20) this.lastWords.shift()
    })
  }

  async greeting(): Promise<Greeting> {
    return (await this.nextAnswer()) as Greeting
  }

  async order(order: { steps: number; [key: string]: unknown }): Promise<Timing> {
    this.child.stdin!.write(`${JSON.stringify(order)}\n`)
    return (await this.nextAnswer()) as Timing
  }

  end(): void {
    this.child.stdin!.end()
  }

  private async nextAnswer(): Promise<unknown> {
    const { value, done } = await this.lines.next()
    if (done) throw new Error(`${this.name} ended before it answered:\n${this.lastWords.join('\n')}`)
    return JSON.parse(value)
  }
}

export interface EngineGreeting {
  /** From nothing to TensorFlow in memory. */
  loadSeconds: number
  /** Building the students, recording their step and loading its graph. */
  captureSeconds: number
  /** Trainable numbers of each student. */
  parameters: number[]
}

export function startEngine(options: CohortOptions): MeasuredProcess<EngineGreeting> {
  const file = fileURLToPath(new URL('engine-process.ts', import.meta.url))
  const args = ['--import', import.meta.resolve('tsx'), file, JSON.stringify(options)]
  const parent = trainingEnvironment(process.env)
  const environment = withThreads(parent, chooseThreads(cohortOf(options), parent))
  return new MeasuredProcess('the engine', process.execPath, args, environment)
}

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

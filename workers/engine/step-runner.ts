import type { ExecutionMode } from '../../contract/training.ts'
import type { Session, Values } from './capture/session.ts'
import type { LoopOptions } from './capture/step-loop.ts'
import { isOutOfMemory } from './failures.ts'

type Log = (level: 'INFO' | 'WARN', message: string) => void

/**
 * Runs captured steps, compiled if they were captured for that. What XLA cannot compile is run plain, which
 * the log tells: nothing has been changed by then, so nothing is lost but speed.
 */
export class StepRunner {
  readonly #session: Session
  readonly #loop: LoopOptions | undefined
  readonly #onLog: Log
  readonly #onRefused: () => void
  /** Functions by name, once they have run. */
  readonly #modes = new Map<string, ExecutionMode>()

  /** @param onRefused  called for each function that is run plain though it was captured to be compiled */
  constructor(
    session: Session,
    loop: LoopOptions | undefined,
    onLog: Log = () => {},
    onRefused: () => void = () => {},
  ) {
    this.#session = session
    this.#loop = loop
    this.#onLog = onLog
    this.#onRefused = onRefused
  }

  /** @returns the steps' only outputs, stacked */
  run(name: string, inputs: readonly Record<string, Values>[]): Float32Array {
    const mode = this.#modes.get(name)
    if (this.#loop?.isCompiled && !mode) return this.#compile(name, inputs)
    // Plain single steps need no loop; what is compiled always takes it, so that there is one program.
    if (this.#loop && (mode === 'COMPILED' || inputs.length > 1))
      return this.#session.runMany(name, inputs, mode ?? 'PLAIN')
    return concatenate(inputs.map((each) => this.#session.run<'metrics'>(name, each).metrics as Float32Array))
  }

  #compile(name: string, inputs: readonly Record<string, Values>[]): Float32Array {
    this.#onLog('INFO', 'Compiling the training step with XLA; a cohort that is not known yet takes a while.')
    const beganAt = performance.now()
    try {
      const results = this.#session.runMany(name, inputs, 'COMPILED')
      this.#modes.set(name, 'COMPILED')
      const seconds = ((performance.now() - beganAt) / 1000).toFixed(1)
      this.#onLog('INFO', `Compiled the training step in ${seconds} s.`)
      return results
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (isOutOfMemory(reason)) throw error
      this.#modes.set(name, 'PLAIN')
      this.#onRefused()
      this.#onLog(
        'WARN',
        `XLA cannot compile the training step, which runs slower without: ${reason}`.slice(0, 1500),
      )
      return this.run(name, inputs)
    }
  }
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

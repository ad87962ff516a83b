import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { programArguments } from '../../scripts/start/program.ts'
import { childrenOf } from './processes.ts'

/** A training process, and the worker that it belongs to. */
export interface FoundTraining {
  worker: ChildProcess
  pid: number
}

/** Workers as they are started for daily use, processes of their own, which stay up for whatever test comes next. */
export class StandingWorkers {
  readonly #environment: NodeJS.ProcessEnv
  readonly #workers = new Set<ChildProcess>()

  /** @param environment  what every worker is told beside this process's own environment */
  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment
  }

  start(more: NodeJS.ProcessEnv = {}, nodeArguments: string[] = []): ChildProcess {
    const worker = spawn(process.execPath, [...nodeArguments, ...programArguments('worker')], {
      env: { ...process.env, ...this.#environment, ...more },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    this.#workers.add(worker)
    worker.once('exit', () => this.#workers.delete(worker))
    return worker
  }

  /** Starts as many as are missing. Who is told to end counts no more, even before it has ended. @returns all that are up */
  keep(count: number): ChildProcess[] {
    while (this.#workers.size < count) this.start()
    return [...this.#workers]
  }

  /** The worker of this name, as runs note it: `host:pid`. */
  named(name: string): ChildProcess {
    const worker = [...this.#workers].find(({ pid }) => name.endsWith(`:${pid}`))
    if (!worker) throw new Error(`no worker of this scene is called ${name}`)
    return worker
  }

  /** Every training process of the workers that are up. */
  async trainings(): Promise<FoundTraining[]> {
    const found = [...this.#workers].map(async (worker) =>
      (await childrenOf(worker.pid!, 'training-process.js')).map((pid) => ({ worker, pid })),
    )
    return (await Promise.all(found)).flat()
  }

  /** @returns the exit code; null where a signal ended it */
  async end(worker: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
    this.#workers.delete(worker)
    if (worker.exitCode !== null || worker.signalCode !== null) return worker.exitCode
    worker.kill(signal)
    // A stopped process hears of a SIGKILL only.
    const [code] = await once(worker, 'exit')
    return code
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => this.end(worker, 'SIGKILL')))
  }
}

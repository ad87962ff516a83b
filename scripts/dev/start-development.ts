/** Pages with hot reload, and a server and a worker that are built and started again when their sources change. */
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from '../setup/choose-ports.mjs'
import {
  answers,
  developmentFolder,
  forgetRunningInstance,
  noteRunningInstance,
} from '../setup/running-instance.mjs'
import { makeEnvironment } from '../start/environment.ts'
import { formatLine } from '../start/format-line.ts'
import { holdDatabase } from '../start/hold-database.ts'
import { watchInterruption } from '../start/interruption.ts'
import { programArguments } from '../start/program.ts'
import { type Supervised, supervise } from '../start/supervise.ts'
import { type WatchedProgram, watchPrograms } from './watch-programs.ts'
import { watchSchema } from './watch-schema.ts'

const PREFERRED_PORTS = { api: 4000, web: 3000, inspectServer: 9229, inspectWorker: 9230 }
/** The first page is put together while it is waited for. */
const ANSWER_TIMEOUT_MS = 60_000
const POLL_MS = 150

export type DevelopmentPorts = typeof PREFERRED_PORTS

export interface Development {
  webUrl: string
  ports: DevelopmentPorts
  /** Comes back when API and pages answer, however long it takes: what keeps them from it may be mended meanwhile. */
  ready(): Promise<void>
}

/** Starts everything, until a signal ends it; the set-up has been run before, except for the pages. */
export async function startDevelopment(): Promise<Development> {
  const interruption = watchInterruption()
  const database = holdDatabase()
  const processes = new Map<string, Supervised>()
  const stopWatching: (() => unknown)[] = []
  let stops = 0
  const stop = async () => {
    const atOnce = ++stops > 1
    forgetRunningInstance(developmentFolder)
    for (const end of stopWatching.splice(0)) await end()
    await Promise.all([...processes.values()].map((process) => process.stop({ atOnce })))
    await database.release()
  }
  interruption.onUnawaited(stop)
  const ports = await choosePorts()
  const env = developmentEnvironment(ports)
  const startOrRestart = (name: WatchedProgram) => {
    const running = processes.get(name)
    if (running) {
      say(name, 'its sources have changed: it starts again')
      void running.restart()
    } else if (stops === 0) {
      const args = [...inspectorOf(name, ports), ...programArguments(name)]
      processes.set(name, supervise({ name, args, env, onLine: (line) => say(name, line) }))
    }
  }

  try {
    await database.ready
    stopWatching.push(
      await watchPrograms({
        onBuilt: (changed) => changed.forEach(startOrRestart),
        onError: (message) => say('build', message ?? 'builds again'),
      }),
      watchSchema(
        () => startOrRestart('server'),
        (message) => say('schema', message),
      ),
    )
  } catch (error) {
    await stop()
    throw error
  }
  const apiUrl = `http://127.0.0.1:${ports.api}`
  const webUrl = env.PUBLIC_ORIGIN ?? `http://localhost:${ports.web}`
  return {
    webUrl,
    ports,
    async ready() {
      for (const address of [`${apiUrl}/healthz`, `http://127.0.0.1:${ports.web}/`])
        while (!(await answers(address, ANSWER_TIMEOUT_MS))) await sleep(POLL_MS)
      noteRunningInstance({ apiUrl, webUrl }, developmentFolder)
    },
  }
}

/** Others than the product's where that is running: the two do not mind each other. */
async function choosePorts(): Promise<DevelopmentPorts> {
  const chosen = { ...PREFERRED_PORTS }
  const taken: number[] = []
  for (const name of Object.keys(PREFERRED_PORTS) as (keyof DevelopmentPorts)[]) {
    chosen[name] = await findFreePort(PREFERRED_PORTS[name], taken)
    taken.push(chosen[name])
  }
  return chosen
}

function inspectorOf(name: WatchedProgram, { inspectServer, inspectWorker }: DevelopmentPorts): string[] {
  if (name === 'web') return []
  return [`--inspect=127.0.0.1:${name === 'server' ? inspectServer : inspectWorker}`]
}

function developmentEnvironment(ports: DevelopmentPorts): NodeJS.ProcessEnv {
  return { ...makeEnvironment(ports), NODE_ENV: 'development' }
}

function say(name: string, line: string): void {
  console.log(formatLine(name, line))
}

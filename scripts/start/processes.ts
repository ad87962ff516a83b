/** Starts server, worker and web, waits until they are ready, and stops them again. */
import { isFree, readPorts } from '../setup/choose-ports.mjs'
import {
  findRunningInstance,
  forgetRunningInstance,
  noteRunningInstance,
} from '../setup/running-instance.mjs'
import { home } from '../setup/settings.mjs'
import { makeEnvironment } from './environment.ts'
import { formatLine } from './format-line.ts'
import { type HeldDatabase, holdDatabase } from './hold-database.ts'
import { type Interruption, watchInterruption } from './interruption.ts'
import { programArguments } from './program.ts'
import { type Supervised, supervise } from './supervise.ts'
import { waitUntilReady } from './wait-until-ready.ts'

export interface Product {
  /** URL of the pages, which also proxy the API; for browsers and clients. */
  webUrl: string
  apiUrl: string
  /** Absolute path of .studyhall. */
  home: string
  /** Whether it was already running; `stop` then leaves it running. */
  isReused: boolean
  /** Stops everything that this call started, within seconds. */
  stop(): Promise<void>
  /** Resolves at Ctrl-C or SIGTERM; if nothing waits for it, these stop everything and end the process. */
  untilInterrupted(): Promise<void>
}

/**
 * Starts everything, or reuses this checkout's running instance. Requires a completed set-up.
 * Throws, leaving nothing running, if a process does not become ready within two minutes.
 */
export async function startAll({ quiet = false }: { quiet?: boolean } = {}): Promise<Product> {
  const running = await findRunningInstance()
  const interruption = watchInterruption()
  if (running) return describeProduct(running, { isReused: true, interruption, stop: async () => {} })

  const ports = await checkPorts()
  const urls = {
    apiUrl: `http://127.0.0.1:${ports.api}`,
    webUrl: process.env.PUBLIC_ORIGIN || `http://localhost:${ports.web}`,
  }
  const children: Supervised[] = []
  const database = holdDatabase()
  const stop = makeStop(children, database)
  interruption.onUnawaited(stop)
  try {
    await database.ready
    children.push(...startProcesses(ports, quiet))
    await waitUntilReady(children, [`${urls.apiUrl}/healthz`, `http://127.0.0.1:${ports.web}/`])
  } catch (error) {
    await stop()
    throw error
  }
  noteRunningInstance(urls)
  return describeProduct(urls, { isReused: false, interruption, stop })
}

function describeProduct(
  { webUrl, apiUrl }: { webUrl: string; apiUrl: string },
  rest: { isReused: boolean; interruption: Interruption; stop: () => Promise<void> },
): Product {
  const { isReused, interruption, stop } = rest
  return { webUrl, apiUrl, home, isReused, stop, untilInterrupted: interruption.wait }
}

async function checkPorts() {
  const ports = readPorts()
  if (!ports) throw new Error('Nothing is set up yet: run `npm run setup` first.')
  for (const port of [ports.api, ports.web])
    if (!(await isFree(port)))
      throw new Error(
        `Port ${port} was taken by another program just now: run the command again, it chooses another port.`,
      )
  return ports
}

function startProcesses(ports: { api: number; web: number }, quiet: boolean): Supervised[] {
  const env = makeEnvironment(ports)
  const programs = [
    { name: 'server', args: programArguments('server') },
    { name: 'worker', args: programArguments('worker') },
    { name: 'web', args: programArguments('web') },
  ]
  return programs.map(({ name, args }) =>
    supervise({
      name,
      args,
      env,
      onLine: (line) => {
        if (!quiet) console.log(formatLine(name, line))
      },
    }),
  )
}

/** If called again while still stopping, it kills everything immediately. */
function makeStop(children: Supervised[], database: HeldDatabase): () => Promise<void> {
  let calls = 0
  return async () => {
    const atOnce = ++calls > 1
    forgetRunningInstance()
    await Promise.all(children.map((child) => child.stop({ atOnce })))
    await database.release()
  }
}

/** Starts the product, server, worker and pages, waits until it answers, and stops all of it again. */
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
  /** The pages, and through them the API: what a browser or a client uses. */
  webUrl: string
  apiUrl: string
  /** .studyhall, absolute. */
  home: string
  /** It was running already; `stop` then leaves it running. */
  isReused: boolean
  /** Ends everything this call started, within seconds. */
  stop(): Promise<void>
  /** Comes back at Ctrl-C or a request to end; without somebody waiting here, both stop everything and the process. */
  untilInterrupted(): Promise<void>
}

/**
 * Starts everything, or takes the instance of this checkout that already runs. The set-up must have been run.
 * Throws, with nothing left running, if a process does not come up within two minutes.
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

/** Called again while it still stops, it waits for no one: everything is ended at once. */
function makeStop(children: Supervised[], database: HeldDatabase): () => Promise<void> {
  let calls = 0
  return async () => {
    const atOnce = ++calls > 1
    forgetRunningInstance()
    await Promise.all(children.map((child) => child.stop({ atOnce })))
    await database.release()
  }
}

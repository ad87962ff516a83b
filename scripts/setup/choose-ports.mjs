// Ports are chosen once and kept, since addresses are bookmarked. Another is chosen only when a stranger sits on ours.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { home } from './settings.mjs'
import { writeFileWhole } from './stamps.mjs'

const PREFERRED = { api: 4000, web: 3000 }
const TRIES = 200
const portsFile = join(home, 'ports.json')

/** The ports `{api, web}` chosen before, or undefined. */
export function readPorts() {
  try {
    const { api, web } = JSON.parse(readFileSync(portsFile, 'utf8'))
    return Number.isInteger(api) && Number.isInteger(web) ? { api, web } : undefined
  } catch {
    return undefined
  }
}

/** The kept ports if they are free, others in place of those that are not; written down when they changed. */
export async function choosePorts() {
  const kept = readPorts() ?? PREFERRED
  const api = await findFreePort(kept.api)
  const web = await findFreePort(kept.web, [api])
  const ports = { api, web }
  if (JSON.stringify(ports) !== JSON.stringify(readPorts()))
    writeFileWhole(portsFile, `${JSON.stringify(ports)}\n`)
  return ports
}

/** The first port from `first` on that nobody listens on and that is not in `taken`. */
export async function findFreePort(first, taken = []) {
  for (let port = first; port < first + TRIES; port++)
    if (!taken.includes(port) && (await isFree(port))) return port
  throw new Error(`No port is free from ${first} to ${first + TRIES - 1}.`)
}

/** Whether nobody listens on the port, neither on the loopback address alone nor on all of them. */
export async function isFree(port) {
  for (const host of ['127.0.0.1', '0.0.0.0']) if (!(await canListen(port, host))) return false
  return true
}

function canListen(port, host) {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

// Ports are chosen once and kept, because people bookmark addresses. Another is chosen only if a different
// program uses it.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { home } from './settings.mjs'
import { writeFileWhole } from './stamps.mjs'

const PREFERRED = { api: 4000, web: 3000 }
const MAX_TRIES = 200
const portsFile = join(home, 'ports.json')

/** The previously chosen ports `{api, web}`, or undefined. */
export function readPorts() {
  try {
    const { api, web } = JSON.parse(readFileSync(portsFile, 'utf8'))
    return Number.isInteger(api) && Number.isInteger(web) ? { api, web } : undefined
  } catch {
    return undefined
  }
}

/** The previous ports, replaced if they are not free; saved if changed. */
export async function choosePorts() {
  const kept = readPorts() ?? PREFERRED
  const api = await findFreePort(kept.api)
  const web = await findFreePort(kept.web, [api])
  const ports = { api, web }
  if (JSON.stringify(ports) !== JSON.stringify(readPorts()))
    writeFileWhole(portsFile, `${JSON.stringify(ports)}\n`)
  return ports
}

/** The first free port from `first` on that is not in `taken`. */
export async function findFreePort(first, taken = []) {
  for (let port = first; port < first + MAX_TRIES; port++)
    if (!taken.includes(port) && (await isFree(port))) return port
  throw new Error(`No port is free from ${first} to ${first + MAX_TRIES - 1}.`)
}

/** Whether nothing listens on the port, on the loopback address or on all addresses. */
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

import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'

export interface Received {
  path: string
  headers: IncomingHttpHeaders
  body: string
}

/** A real HTTP server that takes messages, well or badly, by their path. */
export interface Receiver {
  port: number
  url: (path: string) => string
  received: Received[]
  /** Connections that were made to it, also by whoever sent nothing. */
  connections: number
  /** Over connections that were closed. */
  bytesSent: number
  stop(): Promise<void>
}

type Behaviour = (response: ServerResponse, received: Received) => void

const DRIP_MS = 20
const UPGRADE = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: smoke\r\n\r\n'

/** Everything else is taken with 204. */
const BEHAVIOURS: Record<string, Behaviour> = {
  '/fails': (response) => response.writeHead(500).end('no <b>today</b>'),
  '/hangs': () => {},
  '/cuts': (response) => response.destroy(),
  '/drips': (response) => drip(response, '.'),
  '/floods': (response) => flood(response),
  '/inward': (response) => redirect(response, '/inside'),
  '/loops': (response) => redirect(response, '/loops'),
  '/headers': (response) => response.writeHead(200, { 'x-long': 'x'.repeat(15_000) }).end(),
  '/breaks': (response) =>
    response.writeHead(200, { 'content-length': 100 }).write('so far', () => response.destroy()),
  '/upgrades': (response) => response.socket?.write(UPGRADE),
  '/speaks': (response) => response.socket?.end('what?\r\n\r\n'),
}

export async function startReceiver(host = '127.0.0.1'): Promise<Receiver> {
  const received: Received[] = []
  const sockets = new Set<Socket>()
  const server = createServer(async (request, response) => {
    const one = { path: request.url ?? '', headers: request.headers, body: await text(request) }
    received.push(one)
    const behave = BEHAVIOURS[one.path]
    if (behave) behave(response, one)
    else response.writeHead(204).end()
  })
  const receiver = { port: 0, url: (path: string) => path, received, connections: 0, bytesSent: 0, stop }
  server.on('connection', (socket) => {
    receiver.connections++
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      receiver.bytesSent += socket.bytesWritten
    })
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  receiver.port = (server.address() as AddressInfo).port
  receiver.url = (path) => `http://${host}:${receiver.port}${path}`
  return receiver

  async function stop() {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
}

function redirect(response: ServerResponse, to: string): void {
  response.writeHead(307, { location: to }).end()
}

/** A byte now and then, for ever. */
function drip(response: ServerResponse, byte: string): void {
  response.writeHead(200)
  const timer = setInterval(() => response.write(byte), DRIP_MS)
  response.on('close', () => clearInterval(timer))
}

/** As much as is read, for ever. */
function flood(response: ServerResponse): void {
  response.writeHead(200)
  const chunk = Buffer.alloc(64 * 1024, 'x')
  const fill = () => {
    while (!response.destroyed && response.write(chunk));
  }
  response.on('drain', fill)
  fill()
}
